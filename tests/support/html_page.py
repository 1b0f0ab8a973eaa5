"""A page taken apart, where the standard library is enough."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The tags of a page, and its text by the tag that it stands in."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))

    def handle_data(self, data):
        self.text.append((self.tags[-1][0] if self.tags else "", data))

    def inside(self, tag):
        return [data for within, data in self.text if within == tag and data.strip()]
