# ruff: noqa: E501 - texts are kept as they are read
"""The sample's main pages in English, rewritten rather than translated word by word."""

from __future__ import annotations

from typing import Any

ZONES: dict[str, dict[str, Any]] = {
    "jingjiang": {
        "title": "Jingjiang Economic and Technological Development Zone", "level": "Development zone (sample)", "city": "Taizhou",
        "summary": "A port zone on the north bank of the Yangtze: ships and offshore equipment, special metals, grain and oil. Paired with the "
        "park of Yongshou.",
        "facts": [("Planned area", "68.4 sq km"), ("River front", "52.3 km"), ("Plots on offer", "7, 612 mu"), ("Factory buildings", "5"), ("Paired with", "Yongshou park")],
        "profile": "<p>The zone lies along the river in three parts: port industry, manufacturing in the west, and logistics. Power, "
        "steam, industrial water and sewage treatment are supplied centrally, so that no factory has to build its own.</p>",
        "industries": [("Ships and offshore", "Hulls, blocks and fittings; electrical and cabin equipment wanted."), ("Special metals", "Pipes, wire and alloys for energy and cars."), ("Grain and oil", "A river grain terminal, well placed for produce of the west.")],
        "office": "Investment service hall (sample)", "address": "1 Example Road",
    },
    "taixing": {
        "title": "Taixing Economic Development Zone", "level": "Development zone (sample)", "city": "Taizhou",
        "summary": "Fine chemicals, pharmaceutical intermediates and new materials, and a row of standard factory buildings for light industry.",
        "facts": [("Main industries", "Chemicals, materials"), ("Buildings to let", "3"), ("Berths", "Liquid chemicals")],
        "profile": "<p>Raw material and products mostly travel by river. A pipe rack brings steam and industrial gases to each gate.</p>",
        "industries": [("Fine chemicals", "Downstream of chlor-alkali; hydrogen to spare."), ("Intermediates", "A shared pilot plant.")],
        "office": "Investment bureau (sample)", "address": "2 Example Avenue",
    },
    "hailing": {
        "title": "Hailing Industrial Park", "level": "Industrial park (sample)", "city": "Taizhou",
        "summary": "Smart equipment, electronics and light industry next to the city, where workers are easy to find.",
        "facts": [("Main industries", "Equipment, electronics")], "profile": "<p>Three vocational schools run workshops in the park and train to order.</p>",
        "industries": [("Equipment", "Pumps, valves, drives."), ("Electronics", "Control boards and harnesses.")], "office": "Park office (sample)", "address": "3 Example Street",
    },
    "joint-park": {
        "title": "Jingjiang–Yongshou joint park", "level": "Built together (sample)", "city": "Xianyang",
        "summary": "At the edge of Yongshou's county town. The first buildings are let, the second phase is open.",
        "facts": [("Phase one", "Let"), ("Phase two", "Open")], "profile": "<p>Canteen, dormitory and child care are run by the park; workers from the villages around go home at night.</p>",
        "industries": [("Food", "Sorting and processing of apples, grain and honey."), ("Light industry", "Clothing, bags, weaving.")], "office": "Park office (sample)", "address": "4 Example Industry Road",
    },
    "yongshou": {
        "title": "Yongshou County", "level": "Partner county", "city": "Xianyang",
        "summary": "A farming county on the dry plateau north of the Wei: apples, acacia honey and dryland grains, looking for processing, cold chain and markets.",
        "facts": [("Land", "Loess plateau"), ("Known for", "Apples, honey, grain"), ("Paired with", "Jingjiang, Jiangsu")],
        "profile": "<p>Warm days and cold nights make sweet fruit. The acacia woods flower at the end of spring.</p>",
        "industries": [("Apples", "Red Fuji, picked in late September and October."), ("Acacia honey", "Light in colour, gathered in May."), ("Dryland grain", "Millet and buckwheat.")],
        "office": "Investment service centre (sample)", "address": "5 Example North Street",
    },
}  # fmt: skip

OFFERS: dict[str, dict[str, Any]] = {
    "apple-cold-store": {
        "title": "Apple cold store and sorting centre", "place": "Jianjun, Yongshou", "mode": "Equity", "wanted": "Cold-chain operators, fruit traders",
        "summary": "A controlled-atmosphere store of 6,000 tonnes and a sorting line by weight and sugar.",
        "conditions": [("Land", "42 mu, serviced")], "text": "<p>The picking season is four weeks. Today much fruit is loaded warm; the centre will cool it first, sort it, and let it out by order.</p>",
    },
    "port-machinery": {
        "title": "Port machinery components", "place": "Jingjiang zone", "mode": "Sole or joint venture", "wanted": "Hydraulics, gearboxes, switchgear",
        "summary": "Plot A07, next to the shipyards and crane makers that it will supply.", "conditions": [("Land", "86 mu, in phases")],
        "text": "<p>Yards in the zone buy from far away. From here parts arrive the same day.</p>",
    },
    "honey": {
        "title": "Acacia honey processing", "place": "Mafang, Yongshou", "mode": "Technology and sales", "wanted": "Food makers, retailers",
        "summary": "From drums of raw honey to small jars.", "conditions": [], "text": "<p>Partners bring recipes and a filling line; the county sees to testing and marks of origin.</p>",
    },
    "park-phase-two": {
        "title": "Joint park, phase two: standard factory buildings", "place": "Joint park, Yongshou", "mode": "Lease, reduced for three years",
        "wanted": "Clothing, bags, food", "size": "12,400 sq m to let", "summary": "Two buildings of three floors, to let whole or by the floor.", "conditions": [],
        "text": "<p>Phase one is let and firms are waiting, so phase two opens early.</p>",
    },
}  # fmt: skip

NEWS: dict[str, dict[str, Any]] = {
    "conference": {
        "title": "Jingjiang and Yongshou renew their agreements and turn to the countryside", "source": "Liaison team (sample)",
        "caption": "A bridge between two terraced slopes. Drawing.",
        "summary": "At a joint conference in Yongshou on 12 October the two sides signed agreements for five years, for this year and for paired towns.",
        "body": ["<p>Officials of both sides met in Yongshou on 12 October, went through what had been done, and settled what comes next.</p>"
        "<p>Since the pairing began they have exchanged {visits.batches} and {visits.person_times}, and begun {projects.count}. People benefiting are counted by project and not without repetition.</p>",
        "<h2>What comes next</h2><p>Joint parks, work at home and away, a fixed counter for Yongshou's produce in Jingjiang, and exchanges of teachers and doctors.</p>"],
    },
    "factory-buildings": {
        "title": "Taixing opens standard factory buildings", "source": "Taixing zone (sample)", "summary": "Firms from the paired county choose first and pay half the rent in the first year.",
        "body": ["<p>Each building has three floors, lifts and a loading dock. The service hall shows firms around and works out the rent the same day.</p>"],
    },
    "early-apples": {
        "title": "Early apples are in, cold-chain orders run into November", "source": "Yongshou (sample)", "caption": "Rows of apple trees. Drawing.",
        "summary": "All pre-cooling rooms are running, and five lorries a day leave for Jingjiang.",
        "body": ["<p>Pickers are out before dawn. A crate is weighed and cooled within hours of leaving the tree.</p>"],
    },
    "direct-coach": {
        "title": "First autumn coach to Jingjiang", "source": "Jingjiang zone (sample)", "summary": "It stops in three towns, meals are served on the way, and employers see to lodging.",
        "body": ["<p>A month after arrival the liaison team calls on every employer: is the pay right, is the room dry?</p>"],
    },
    "acacia-honey": {
        "title": "Acacia in flower, honey on the counter", "source": "Yongshou (sample)", "caption": "Acacia woods and terraces. Drawing.",
        "summary": "The first honey of the year stands in Jingjiang's shops with a mark of origin.",
        "body": ["<p>Each jar has a code that tells which wood it came from, and on which day.</p>"],
    },
}  # fmt: skip

PAGES: dict[str, tuple[str, str]] = {
    "about": ("Paired cooperation, in the open.", "<p>Both coordination offices run this site together: news, opportunities, products, jobs and figures.</p><h2>Where the numbers come from</h2><p>Marked numbers are read from the programme's journal. Open one to see its definition and evidence.</p>"),
    "contact": ("Write to us with corrections, questions or plans.", "<p>Telephone +86 523 0000 0000, info@example.org (sample).</p>"),
    "privacy": ("We collect data only where you leave an enquiry or apply.", "<p>It is encrypted, used for this matter only, and deleted a year after it is settled. No tracking, nothing from other hosts.</p>"),
    "accessibility": ("Made to WCAG 2.2, level AA.", "<p>Everything can be reached without a mouse and read without script. Tell us where it cannot.</p>"),
    "licence": ("Figures may be used freely if you name the source and the date.", "<p>Open data: CC BY 4.0. News and pictures belong to those who publish them.</p>"),
}  # fmt: skip
