"""Every way out of the site that is not a page: feeds, sitemaps, icons, short links, pictures, metadata."""
