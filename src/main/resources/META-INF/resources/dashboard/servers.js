// The servers of a pool: what they own, what they get, how they do.

import {element, rows, say, shape} from "./elements.js";
import * as format from "./format.js";
import {showState} from "./pools.js";
import {Readings, growth, perSecond, quantile} from "./readings.js";

/** A server is a hot spot if it gets this many times its share of the requests … */
const HOT_FACTOR = 1.25;
/** … and chance would hardly ever do that: so many standard deviations, of so many requests at least. */
const HOT_DEVIATIONS = 4;
const HOT_REQUESTS = 100;

const BAR = {width: 64, height: 8};

/** Half a minute of readings. */
const DEPTH = 16;
const WINDOW_MILLIS = 30_000;

/** What each server gets of the requests. */
export class Load {
    #readings;
    #shares = null;

    /**
     * Adds a reading of `servers`, and returns how it has been in the last half minute: a map from each name to `{part, times,
     * hot}`, where `times` is how many times that which its keys would bring it. Empty if it is not known.
     */
    add(at, servers) {
        // Requests that went by other shares say nothing about these: a server that has just come back is not cold
        const shares = servers.map(server => `${server.name} ${server.share}`).join();
        if (shares !== this.#shares) {
            this.#shares = shares;
            this.#readings = new Readings(DEPTH);
        }
        this.#readings.add(at, servers);
        const span = this.#readings.span(WINDOW_MILLIS);
        const requests = servers.map((_, index) => growth(span, known => known[index].traffic.requests) ?? 0);
        const all = requests.reduce((sum, each) => sum + each, 0);
        return new Map(all === 0 ? [] : servers.map((server, index) => [server.name, load(server.share, requests[index], all)]));
    }
}

function load(share, requests, all) {
    const part = requests / all;
    const deviation = Math.sqrt(share * (1 - share) / all);
    const hot = share > 0
        && all >= HOT_REQUESTS
        && part > share * HOT_FACTOR
        && part - share > HOT_DEVIATIONS * deviation;
    return {part, times: part / share, hot};
}

/** Shows `servers`; `last` is the span of the last two readings, `replies` what came in the last seconds, by name. */
export function showServers(body, servers, last, loads, replies) {
    rows(body, servers, server => server.name, makeRow, (row, server) => {
        const [, state, keys, part, requests, errors, median, slowest, waiting, connections] = row.children;
        const its = both(last, server);
        const load = loads.get(server.name);
        const answered = replies.get(server.name) ?? [];
        showState(state, stateOf(server), server.ejected ? "bad" : "good");
        say(keys, format.share(server.share));
        showLoad(part, server, load);
        say(requests, format.rate(perSecond(its, known => known.get(server.name).traffic.requests)));
        const failing = perSecond(its, known => failures(known.get(server.name).traffic));
        say(errors, format.rate(failing));
        errors.classList.toggle("bad", failing > 0);
        say(median, format.micros(quantile(0.5, answered)));
        say(slowest, format.micros(quantile(0.99, answered)));
        say(waiting, format.count(server.pending));
        say(connections, format.count(server.connections));
    });
}

/** Which servers are hot spots, in words. */
export function hotSpots(servers, loads) {
    if (loads.size === 0) {
        return "No requests in the last half minute, or since the shares are as they are.";
    }
    const hot = servers.filter(server => loads.get(server.name).hot);
    if (hot.length === 0) {
        return "No hot spot: every server gets about the requests its keys should bring it.";
    }
    return hot.map(server => {
        const {part} = loads.get(server.name);
        return `${server.name} is a hot spot: it has ${format.share(server.share)} of the keys and gets ${format.share(part)} `
            + "of the requests, so some of its keys are asked for more than others.";
    }).join(" ");
}

function stateOf(server) {
    return server.ejected ? `ejected ${format.moment(new Date(server.ejectedAt))}` : "live";
}

function failures(traffic) {
    return traffic.errors + traffic.timeouts + traffic.eof;
}

function both(span, server) {
    return span?.before.has(server.name) ? span : null;
}

function makeRow(server) {
    const name = element("th", {scope: "row"}, server.name, element("span", {class: "address"}, server.address));
    const cells = ["", ...Array(8).fill("number")].map(kind => element("td", {class: kind}));
    cells[2].append(element("span"), bar());
    return element("tr", {}, name, ...cells);
}

/** The part of the requests, with a mark where the part of the keys is. */
function bar() {
    return shape("svg", {class: "bar", viewBox: `0 0 ${BAR.width} ${BAR.height}`, width: BAR.width, height: BAR.height, "aria-hidden": "true"},
        shape("rect", {class: "track", width: BAR.width, height: BAR.height, rx: 2}),
        shape("rect", {class: "fill", height: BAR.height, rx: 2}),
        shape("rect", {class: "mark", width: 2, height: BAR.height}));
}

function showLoad(cell, server, load) {
    const [text, picture] = cell.children;
    say(text, (load?.hot ? `hot × ${format.rate(load.times)} ` : "") + format.share(load?.part));
    cell.classList.toggle("hot", load?.hot === true);
    const [, fill, mark] = picture.children;
    fill.setAttribute("width", (load?.part ?? 0) * BAR.width);
    mark.setAttribute("x", Math.min(server.share * BAR.width, BAR.width - 2));
}
