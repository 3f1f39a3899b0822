"""The application's pages and the small interface they speak to, one file per concern."""
