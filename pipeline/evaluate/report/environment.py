"""The templates of the pages, strict and escaping everything that was spoken or typed."""

import jinja2

from pipeline.evaluate.claim import profile_label
from pipeline.evaluate.report import words


def render(template: str, **values: object) -> str:
    """A page. An undeclared variable is an error of ours."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.evaluate.report", "."),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": words.percent,
        "share": words.share,
        "clock": words.clock,
        "interval": words.interval,
        "profile": profile_label,
    }
    return environment.get_template(template).render(words=words, **values)
