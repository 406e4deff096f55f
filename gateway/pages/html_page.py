"""The frame of the few pages that the gateway shows to people: no script, nothing from anywhere else."""

import re
from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of these pages."""

STYLE = """
:root { color-scheme: light dark; --quiet: light-dark(#5a6472, #9aa5b1); --line: light-dark(#d8dee4, #343b43);
  --tint: light-dark(#f4f6f8, #1d2228); }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; } h2 { margin-top: 2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; background: var(--tint); border-radius: 3px; }
code { padding: .1em .3em; overflow-wrap: anywhere; } pre { padding: .7rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td, th { border-top: 1px solid var(--line); padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: .5rem 0; } summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 600; font-size: .85em; }
.quiet { color: var(--quiet); }
"""


def page(title: str, body: str) -> str:
    """A whole HTML document around a body that is safe already."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )


def code_marked(text: str) -> str:
    """Plain text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
