"""The clerk's web application. It imports no model library: drafts are made in a process of their own."""
