"""`/docs`: the OpenAPI document as a page to read, made on the server from the document alone."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from gateway.pages.html_page import code_marked, page

Json = Mapping[str, Any]


def docs_page(document: Json) -> str:
    """All operations by tag, then all schemas; links lead from one to the other."""
    tags: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tags.setdefault(operation.get("tags", ["other"])[0], []).append(_operation(method, path, operation))
    about = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    sections = "".join(
        f"<h2>{escape(tag)}</h2><p>{code_marked(about.get(tag, ''))}</p>{''.join(operations)}"
        for tag, operations in tags.items()
    )
    schemas = "".join(_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    info = document["info"]
    return page(
        info["title"],
        f"<h1>{escape(info['title'])}</h1><p>{code_marked(info.get('description', ''))}</p>"
        "<p><a href='/openapi.json'>OpenAPI document</a> · <a href='/problems'>problems</a></p>"
        f"{sections}<h2>Schemas</h2>{schemas}",
    )


def _operation(method: str, path: str, operation: Json) -> str:
    scopes = [scope for requirement in operation.get("security", []) for each in requirement.values() for scope in each]
    parts = [f"<p>{code_marked(operation.get('description', ''))}</p>"]
    parts.append(
        f"<p class='quiet'>scope {code_marked(', '.join(f'`{s}`' for s in scopes) or 'none: open to all')}</p>"
    )
    if operation.get("parameters"):
        parts.append(f"<table>{''.join(_parameter(each) for each in operation['parameters'])}</table>")
    if "requestBody" in operation:
        shapes = "".join(_shape(media["schema"]) for media in operation["requestBody"]["content"].values())
        parts.append(f"<p>Body: {shapes}</p>{_examples(operation['requestBody'])}")
    parts.append(f"<table>{''.join(_answer(*each) for each in operation['responses'].items())}</table>")
    return (
        f"<details id='{escape(operation['operationId'])}'><summary><span class='method'>{method.upper()}</span> "
        f"<code>{escape(path)}</code> {escape(operation.get('summary', ''))}</summary>{''.join(parts)}</details>"
    )


def _parameter(parameter: Json) -> str:
    needed = "required" if parameter.get("required") else ""
    said = " ".join(filter(None, [parameter.get("description"), needed]))
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td class='quiet'>{escape(parameter['in'])}</td>"
        f"<td>{_shape(parameter['schema'])}</td><td>{code_marked(said)}</td></tr>"
    )


def _answer(status: str, answer: Json) -> str:
    shapes = "".join(_shape(media["schema"]) for media in answer.get("content", {}).values() if "schema" in media)
    codes = " ".join(f"<a href='/problems/{code}'>{code}</a>" for code in answer.get("x-problem-codes", ()))
    said = f"{code_marked(answer['description'])} {codes}{_examples(answer)}"
    return f"<tr><td>{escape(status)}</td><td>{said}</td><td>{shapes}</td></tr>"


def _examples(content: Json) -> str:
    """What a body or an answer looks like, folded."""
    return "".join(
        f"<details><summary>example: {escape(name)}</summary><pre>{escape(_pretty(example['value']))}</pre></details>"
        for media in content.get("content", {}).values()
        for name, example in media.get("examples", {}).items()
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _schema(name: str, schema: Json) -> str:
    needed = set(schema.get("required", []))
    rows = "".join(
        f"<tr><td><code>{escape(member)}</code></td><td>{_shape(each)}</td>"
        f"<td class='quiet'>{'required' if member in needed else ''}</td>"
        f"<td>{code_marked(each.get('description', ''))}</td></tr>"
        for member, each in schema.get("properties", {}).items()
    )
    shape = f"<table>{rows}</table>" if rows else f"<p>{_shape(schema)}</p>"
    return (
        f"<details id='schema-{escape(name)}'><summary><code>{escape(name)}</code></summary>"
        f"<p>{code_marked(schema.get('description', ''))}</p>{shape}</details>"
    )


def _shape(schema: Json) -> str:
    """A schema in a few words, with links to those it names."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[1])
        return f"<a href='#schema-{name}'>{name}</a>"
    for alternatives in ("anyOf", "oneOf", "allOf"):
        if alternatives in schema:
            return (" and " if alternatives == "allOf" else " or ").join(map(_shape, schema[alternatives]))
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    return " ".join(_words(schema)) or "any"


def _words(schema: Json) -> Iterator[str]:
    if "type" in schema:
        yield escape(str(schema["type"]))
    for name in ("format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        if name in schema:
            yield f"<span class='quiet'>{name}</span> <code>{escape(str(schema[name]))}</code>"
    if schema.get("default") is not None:
        yield f"<span class='quiet'>default</span> <code>{escape(str(schema['default']))}</code>"
