// Elements for the page. Whatever text there is becomes a text node and never markup: names and keys are anybody's.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children; children that are null are left out, strings become text. */
export function element(name, attributes = {}, ...children) {
    return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function shape(name, attributes = {}, ...children) {
    return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined && value !== false) {
            node.setAttribute(name, value);
        }
    }
    node.append(...children.filter(child => child !== null));
    return node;
}

/** Sets the text of `node` only if it is another one, so that nobody hears the same twice or loses a selection. */
export function say(node, text) {
    if (node.textContent !== text) {
        node.textContent = text;
    }
}

/**
 * Brings the rows of `body` in line with `items`: one row for each, in their order. A row stays the same element as long
 * as its item is there, so that the focus stays where it is.
 */
export function rows(body, items, nameOf, make, update) {
    const known = new Map([...body.children].map(row => [row.dataset.name, row]));
    items.forEach((item, index) => {
        const name = nameOf(item);
        let row = known.get(name);
        if (row === undefined) {
            row = make(item);
            row.dataset.name = name;
        }
        known.delete(name);
        if (body.children[index] !== row) {
            body.insertBefore(row, body.children[index] ?? null);
        }
        update(row, item);
    });
    known.forEach(row => row.remove());
}
