"""What every test of the market starts from."""

from tests.market.stall import stall as stall
