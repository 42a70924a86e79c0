"""What an article or a zone's page is put together from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from lianqiao.portal.publishing.blocks import FiguresBlock

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote", "hr", "figure"]


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("图片说了什么"), required=False, max_length=200)
    caption = blocks.CharBlock(label=_("图下文字"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("图片")
        template = "portal/blocks/picture.html"


class VideoBlock(blocks.StructBlock):
    video = DocumentChooserBlock(label=_("视频文件"), help_text=_("MP4 或 WebM"))
    poster = ImageChooserBlock(label=_("封面"), required=False)
    caption = blocks.CharBlock(label=_("视频里有什么"), max_length=200)

    class Meta:
        icon = "media"
        label = _("视频")
        template = "portal/blocks/video.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("原话"))
    who = blocks.CharBlock(label=_("谁说的"), required=False, max_length=80)

    class Meta:
        icon = "openquote"
        label = _("引语")
        template = "portal/blocks/quote.html"


class BodyBlock(blocks.StreamBlock):
    """The text of an article."""

    text = blocks.RichTextBlock(label=_("正文"), features=FEATURES)
    picture = PictureBlock()
    video = VideoBlock()
    quote = QuoteBlock()
    figures = FiguresBlock()


class FactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("名称"), max_length=20)
    value = blocks.CharBlock(label=_("内容"), max_length=60)

    class Meta:
        icon = "list-ul"
        label = _("要点")


class IndustryBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("名称"), max_length=40)
    text = blocks.TextBlock(label=_("说明"), max_length=300)

    class Meta:
        icon = "cogs"
        label = _("产业或特产")


class PlotBlock(blocks.StructBlock):
    """A piece of land, or a plant, that may be had."""

    code = blocks.CharBlock(label=_("编号"), max_length=20)
    position = blocks.CharBlock(label=_("位置"), max_length=80)
    kind = blocks.CharBlock(label=_("类型"), max_length=60)
    area = blocks.CharBlock(label=_("面积"), max_length=40)
    fits = blocks.CharBlock(label=_("适合"), required=False, max_length=80)
    state = blocks.CharBlock(label=_("状态"), max_length=40)

    class Meta:
        icon = "site"
        label = _("土地或厂房")


class PolicyBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("名称"), max_length=120)
    by = blocks.CharBlock(label=_("制定单位"), max_length=80)
    term = blocks.CharBlock(label=_("起止"), required=False, max_length=80)
    text = blocks.TextBlock(label=_("要点"), required=False, max_length=600)
    document = DocumentChooserBlock(label=_("文件"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("政策")
