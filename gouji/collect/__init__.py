"""Published documents from a list of addresses: `gouji collect`, on Scrapy and WARC."""
