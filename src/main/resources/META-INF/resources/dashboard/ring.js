// Who owns which share: the outer ring is the keys, the inner one the requests; the table beside it says the same.

import {element, rows, say, shape} from "./elements.js";
import * as format from "./format.js";

const COLOURS = 8;
const SIZE = 220;
const KEYS = {class: "keys", radius: 92, width: 24};
const REQUESTS = {class: "requests", radius: 68, width: 12};
/** Of a hundred, between two servers. */
const GAP = 0.5;

/** An empty picture in `place`. */
export function makeRing(place) {
    const picture = shape("svg", {viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`, role: "img", "aria-label": "Shares of the servers"});
    const body = element("tbody");
    place.append(picture, element("div", {class: "scroll", role: "group", "aria-labelledby": "ring-title", tabindex: 0},
        element("table", {},
            element("thead", {}, element("tr", {},
                element("th", {scope: "col"}, "Server"),
                element("th", {scope: "col", class: "number"}, "Keys"),
                element("th", {scope: "col", class: "number"}, "By weight"),
                element("th", {scope: "col", class: "number"}, "Requests"))),
            body)));
    return {picture, body};
}

/** Shows the answer of `distribution`, and what the servers got lately. */
export function showRing({picture, body}, distribution, loads) {
    const parts = distribution.servers.map((server, index) =>
        ({...server, colour: `colour${index % COLOURS}`, part: loads.get(server.name)?.part ?? null}));
    picture.replaceChildren(
        ...slices(KEYS, parts, part => part.share),
        ...slices(REQUESTS, parts, part => part.part ?? 0),
        shape("text", {class: "total", y: -2}, format.count(distribution.points)),
        shape("text", {class: "unit", y: 16}, "points"));
    rows(body, parts, part => part.name, makeRow, (row, part) => {
        const [name, keys, weight, requests] = row.children;
        name.firstChild.setAttribute("class", `swatch ${part.colour}`);
        row.classList.toggle("ejected", part.ejected);
        say(keys, part.ejected ? "ejected" : format.share(part.share));
        say(weight, format.share(part.weightShare));
        say(requests, format.share(part.part));
    });
}

function slices(ring, parts, shareOf) {
    let begin = 0;
    return parts.filter(part => shareOf(part) > 0).map(part => {
        const share = shareOf(part) * 100;
        const slice = shape("circle", {
            class: `slice ${ring.class} ${part.colour}`,
            r: ring.radius,
            "stroke-width": ring.width,
            pathLength: 100,
            // A dash as long as the share, where the one before ends; the first begins at the top
            "stroke-dasharray": `${Math.max(share - (share < 100 ? GAP : 0), 0.1)} 100`,
            "stroke-dashoffset": -begin,
            transform: "rotate(-90)",
        }, shape("title", {}, `${part.name}: ${format.share(share / 100)} of the ${ring.class}`));
        begin += share;
        return slice;
    });
}

function makeRow(part) {
    const swatch = shape("svg", {viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true"}, shape("rect", {width: 10, height: 10, rx: 2}));
    const cells = [1, 2, 3].map(() => element("td", {class: "number"}));
    return element("tr", {}, element("th", {scope: "row"}, swatch, part.name), ...cells);
}
