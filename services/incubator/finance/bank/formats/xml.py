"""XML from outside, read without a document type, entities or anything outside of the file."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from services.incubator.finance.bank.formats.said import unreadable


def root_of(content: bytes | str) -> Element:
    """The root element of a document.

    Raises:
        Unprocessable: `statement_unreadable`; it is no XML, or has a document type, in which entities are declared.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        unreadable("A statement has no document type and no entities.")
    except ParseError as error:
        unreadable("The file is not well-formed XML.", f"/{error.position[0]}")
    except (ValueError, LookupError):
        unreadable("The file is not in the encoding that it names.")
    return root


def namespace_of(element: Element) -> str:
    """The namespace of an element; '' where it has none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


class Node:
    """An element, found by the local names of a path."""

    def __init__(self, element: Element, namespace: str) -> None:
        self._element, self._namespace = element, namespace

    def all(self, path: str) -> list["Node"]:
        where = "/".join(f"{{{self._namespace}}}{name}" if self._namespace else name for name in path.split("/"))
        return [Node(each, self._namespace) for each in self._element.findall(where)]

    def first(self, *paths: str) -> "Node | None":
        """What stands at the first of these paths at which something does."""
        return next((found[0] for path in paths if (found := self.all(path))), None)

    def text(self, *paths: str) -> str:
        """The text at the first of these paths at which there is some; empty where there is none."""
        found = (each.own_text for path in paths for each in self.all(path))
        return next((text for text in found if text), "")

    def attribute(self, name: str) -> str:
        return self._element.get(name, "")

    @property
    def own_text(self) -> str:
        return (self._element.text or "").strip()
