// All pools at a glance, and which of them is shown below.

import {element, rows, say} from "./elements.js";
import * as format from "./format.js";
import {perSecond} from "./readings.js";

const HASH = "#pool=";

/** The pool that the address names, of those there are; the first one otherwise; null if there is none. */
export function chosen(pools) {
    const named = location.hash.startsWith(HASH) ? decoded(location.hash.slice(HASH.length)) : null;
    return pools.find(pool => pool.name === named) ?? pools[0] ?? null;
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return null;
    }
}

/** Shows `pools`; `span` is of two readings of them. */
export function showPools(body, pools, span, shown) {
    const traffic = span === null ? null : {...span, before: byName(span.before), after: byName(span.after)};
    rows(body, pools, pool => pool.name, makeRow, (row, pool) => {
        const both = traffic?.before.has(pool.name) ? traffic : null;
        const [name, state, listen, protocol, servers, clients, requests, errors] = row.children;
        name.firstChild.setAttribute("aria-current", String(pool.name === shown?.name));
        row.classList.toggle("chosen", pool.name === shown?.name);
        showState(state, pool.state, pool.state === "serving" ? "good" : "bad");
        say(listen, pool.listen);
        say(protocol, pool.protocol);
        say(servers, `${pool.servers - pool.ejected} of ${pool.servers}`);
        servers.classList.toggle("bad", pool.ejected > 0);
        say(clients, format.count(pool.clients));
        say(requests, format.rate(perSecond(both, pools => pools.get(pool.name).requests)));
        const failing = perSecond(both, pools => pools.get(pool.name).forwardErrors);
        say(errors, format.rate(failing));
        errors.classList.toggle("bad", failing > 0);
    });
}

/** A state is a word with a sign before it, so that it does not depend on colours. */
export function showState(cell, text, kind) {
    cell.className = `state ${kind}`;
    say(cell, text);
}

function makeRow(pool) {
    const link = element("a", {href: HASH + encodeURIComponent(pool.name)}, pool.name);
    const cells = ["", "", "", "number", "number", "number", "number"].map(kind => element("td", {class: kind}));
    return element("tr", {}, element("th", {scope: "row"}, link), ...cells);
}

function byName(pools) {
    return new Map(pools.map(pool => [pool.name, pool]));
}
