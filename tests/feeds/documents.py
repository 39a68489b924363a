"""Documents for the tests of feeds: written by us after the formats' specifications."""

from __future__ import annotations

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Isle Post</title><link>{base}/</link><language>en-GB</language><ttl>30</ttl>
<item>
  <title>Fiji &amp;amp; the Golan: 170 soldiers to go</title><link>{base}/b.html</link>
  <guid isPermaLink="false">post-2</guid><pubDate>Thu, 22 Jun 2017 16:05:00 +0300</pubDate>
  <dc:creator>Ana Waqa</dc:creator><source url="https://wire.example/rss">Atlantic Wire</source>
  <description>&lt;p&gt;Short.&lt;/p&gt;</description>
  <content:encoded><![CDATA[<p>Fiji will send 170 soldiers to the Golan Heights.</p><script>x()</script>
  <figure><img><figcaption>A caption</figcaption></figure><p>Its prime minister said so&nbsp;on Thursday.</p>]]></content:encoded>
</item>
<item>
  <title>Norway keeps its troops in Mali</title><link>/a.html</link>
  <guid>{base}/a.html</guid><pubDate>2017-06-22 12:00 CEST</pubDate>
  <description>Norway keeps its troops in Mali.</description>
</item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="{base}/news/">
<title>Isle Post</title>
<entry><id>tag:isle.example,2017:1</id><title type="html">Fiji &lt;b&gt;sends&lt;/b&gt; troops</title>
  <link rel="self" href="https://elsewhere.example/"/><link rel="alternate" type="text/html" href="1.html"/>
  <published>2017-06-22T14:05:00+03:00</published><updated>2017-06-22T15:00:00+03:00</updated>
  <author><name>Ana Waqa</name></author>
  <source><title>Atlantic Wire</title></source>
  <summary>Short</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Fiji sends troops.</p><p>More &lt; less.</p></div></content>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="{base}"><title>Isle Post</title><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
<item rdf:about="{base}/1"><title>One</title><link>{base}/1</link><dc:date>2017-06-22T14:05:00Z</dc:date>
<description>Fiji sends troops.</description></item></rdf:RDF>"""

NINJS_1 = {
    "uri": "urn:newsml:wire.example:20170622:77",
    "$standard": {"name": "ninjs", "version": "1.4"},
    "type": "text",
    "version": "3",
    "versioncreated": "2017-06-22T14:05:00+03:00",
    "pubstatus": "usable",
    "headline": "Fiji sends troops to the Golan",
    "slugline": "FIJI-GOLAN",
    "byline": "Ana Waqa",
    "language": "en-GB",
    "copyrightholder": "Atlantic Wire",
    "infosource": [{"name": "Isle Press Agency", "rel": "source"}],
    "body_xhtml": "<p>Fiji will send 170 soldiers.</p><p>Its prime minister said so.</p>",
}

NINJS_2 = {
    "uri": "urn:newsml:wire.example:20170622:78",
    "standard": {"name": "ninjs", "version": "2.1"},
    "type": "text",
    "firstcreated": "2017-06-22T11:05:00Z",
    "headlines": [{"role": "short", "value": "Fiji"}, {"role": "main", "value": "Fiji sends troops to the Golan"}],
    "bodies": [
        {"role": "summary", "value": "Short."},
        {"role": "main", "contenttype": "text/html", "value": "<p>Fiji will send 170 soldiers.</p>"},
    ],
    "by": "Ana Waqa",
    "copyrightholder": "Atlantic Wire",
    "infosources": [{"literal": "IPA"}],
}

NEWS_ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:20170622:79" version="{version}"
 standard="NewsML-G2" standardversion="2.29" conformance="power" xml:lang="en">
<rightsInfo><copyrightHolder literal="Atlantic Wire Ltd"/></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:AWI"><name>Atlantic Wire</name></provider>
 <versionCreated>2017-06-22T14:05:00+03:00</versionCreated><pubStatus qcode="stat:{status}"/>{more}</itemMeta>
<contentMeta><slugline>FIJI</slugline><headline role="h:short">Fiji</headline><headline>Fiji sends troops to the Golan</headline>
 <by>By Ana Waqa</by><creditline>Isle Press Agency</creditline><language tag="en-FJ"/></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""

NITF = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
<body.head><hedline><hl1>Fiji sends troops</hl1></hedline></body.head>
<body.content><p>Fiji will send 170 soldiers.</p><p>Its prime minister said so.</p></body.content></body></nitf></inlineXML>"""

XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>
<body><p>Fiji will send 170 soldiers.</p><p>Its prime minister said so.</p></body></html></inlineXML>"""


def news_item(*, version: int = 1, status: str = "usable", content: str = NITF, more: str = "") -> str:
    """A newsItem of NewsML-G2."""
    return NEWS_ITEM.format(version=version, status=status, content=content, more=more)


def news_message(*items: str) -> str:
    """A newsMessage with those items."""
    return (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2017-06-22T11:06:00Z</sent></header>'
        f"<itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


def item(
    number: int, *, text: str = "Fiji will send 170 soldiers.", date: str = "2017-06-22T11:00:00Z", guid: str = ""
) -> str:
    """An item of RSS with its whole text in it."""
    return (
        f"<item><title>Item {number}</title><guid isPermaLink='false'>{guid or f'g{number}'}</guid>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>"
    )


def rss(*items: str) -> str:
    """A feed of RSS 2.0."""
    return f"<rss version='2.0'><channel><title>Isle Post</title>{''.join(items)}</channel></rss>"


def page(text: str) -> str:
    """An article's page."""
    words = " ".join(f"<p>{text} The second sentence of it has no news, number {n}.</p>" for n in range(4))
    return f"<html><head><title>x</title></head><body><article>{words}</article></body></html>"
