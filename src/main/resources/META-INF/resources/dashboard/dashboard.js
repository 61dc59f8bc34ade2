// The page: asks every two seconds, while somebody looks, and shows the answers.

import {Problem, ofPool, read} from "./api.js";
import {Chart} from "./charts.js";
import {Clients} from "./clients.js";
import {element, say} from "./elements.js";
import {EventList} from "./events.js";
import * as format from "./format.js";
import {explainKeys} from "./key.js";
import {chosen, showPools} from "./pools.js";
import {Readings, perSecond, quantile, replies, together} from "./readings.js";
import {makeRing, showRing} from "./ring.js";
import {Load, hotSpots, showServers} from "./servers.js";

const EVERY_MILLIS = 2_000;
/** Ten seconds of readings, and some to spare. */
const DEPTH = 8;
const TEN_SECONDS = 10_000;
const NOT_FOUND = 404;

const place = id => document.getElementById(id);

const traffic = new Chart(place("traffic"), [
    {label: "requests", colour: "--line-1", look: "one"},
    {label: "errors", colour: "--line-bad", look: "failing", dash: [3, 3]},
], format.rate);
const latency = new Chart(place("latency"), [
    {label: "p50", colour: "--line-1", look: "one"},
    {label: "p90", colour: "--line-2", look: "two", dash: [8, 4]},
    {label: "p99", colour: "--line-3", look: "three", dash: [2, 3]},
], format.micros);
const queue = new Chart(place("queue"), [
    {label: "all servers", colour: "--line-1", look: "one"},
    {label: "longest queue", colour: "--line-3", look: "three", dash: [2, 3]},
], format.count);
const charts = [traffic, latency, queue];
const ring = makeRing(place("ring"));
const events = new EventList(place("events"));
const clients = new Clients(place("clients"));

const poolReadings = new Readings(DEPTH);
let serverReadings;
let latencyReadings;
let load;
let pool = null;
let lastAnswer = null;
let timer = null;
let asking = false;
let askAgain = false;

explainKeys(place("key-form"), place("route"), () => pool);
addEventListener("hashchange", ask);
document.addEventListener("visibilitychange", () => document.hidden ? pause() : ask());
ask();

function pause() {
    clearTimeout(timer);
    events.stop();
}

/** Asks for everything, shows it, and does so again after a while. */
async function ask() {
    askAgain = asking;
    if (asking || document.hidden) {
        return;
    }
    clearTimeout(timer);
    asking = true;
    try {
        await showAll();
        lastAnswer = new Date();
        showStatus("live", "Live");
    } catch (failure) {
        if (!(failure instanceof Problem)) {
            throw failure;
        }
        const age = lastAnswer === null ? "There are no figures yet." : `The figures are of ${format.moment(lastAnswer)}.`;
        showStatus("stale", `${failure.message} ${age}`);
    } finally {
        asking = false;
        timer = setTimeout(ask, askAgain ? 0 : EVERY_MILLIS);
    }
}

function showStatus(state, text) {
    document.body.dataset.state = state;
    place("status").dataset.state = state;
    say(place("status"), text);
}

async function showAll() {
    const {pools} = await read("pools");
    const shown = chosen(pools);
    poolReadings.add(performance.now(), pools);
    showPools(place("pools").tBodies[0], pools, poolReadings.span(), shown);
    if (shown?.name !== pool) {
        begin(shown);
    }
    place("pool").hidden = shown === null;
    if (shown !== null) {
        await showPool(shown).catch(failure => {
            // It has gone in the meantime; the next reading knows
            if (!(failure instanceof Problem && failure.status === NOT_FOUND)) {
                throw failure;
            }
        });
    }
    if (!document.hidden) {
        await events.refresh();
    }
}

/** Another pool is shown, of which nothing is known yet. */
function begin(shown) {
    pool = shown?.name ?? null;
    serverReadings = new Readings(DEPTH);
    latencyReadings = new Readings(DEPTH);
    load = new Load();
    charts.forEach(chart => chart.clear());
    place("route").replaceChildren();
    place("key-form").reset();
}

async function showPool(shown) {
    const [{servers}, distribution, latencies] = await Promise.all(
        ["servers", "distribution", "latencies"].map(what => read(ofPool(shown.name, what))));
    const now = performance.now();
    serverReadings.add(now, new Map(servers.map(server => [server.name, server])));
    latencyReadings.add(now, new Map(latencies.servers.map(server => [server.name, server.buckets])));
    const last = serverReadings.span();
    const loads = load.add(now, servers);
    const figures = {
        requests: perSecond(ofShown(shown), entry => entry.requests),
        errors: perSecond(ofShown(shown), entry => entry.forwardErrors),
        replies: together([...repliesOf(latencyReadings.span()).values()]),
        lately: repliesOf(latencyReadings.span(TEN_SECONDS)),
        waiting: servers.reduce((sum, server) => sum + server.pending, 0),
        longest: servers.reduce((most, server) => Math.max(most, server.pending), 0),
    };

    say(place("pool-name"), shown.name);
    say(place("pool-facts"), `${shown.protocol} at ${shown.listen} · ${distribution.distribution} · ${distribution.hashFunction}`);
    showTiles(shown, figures);
    showCharts(figures);
    showServers(place("servers").tBodies[0], servers, last, loads, figures.lately);
    say(place("hot"), hotSpots(servers, loads));
    showRing(ring, distribution, loads);
    await clients.refresh(shown.name);
}

/** The last two readings of the pool `shown` among those of all pools. */
function ofShown(shown) {
    const span = poolReadings.span();
    const [before, after] = [span?.before, span?.after].map(pools => pools?.find(entry => entry.name === shown.name));
    return before === undefined || after === undefined ? null : {...span, before, after};
}

/** What each server has replied between two readings, by its name. */
function repliesOf(span) {
    const known = [...span?.after ?? []].filter(([name]) => span.before.has(name));
    return new Map(known.map(([name, buckets]) => [name, replies(span.before.get(name), buckets) ?? []]));
}

function showTiles(shown, figures) {
    const lately = together([...figures.lately.values()]);
    const tiles = [
        ["Requests / s", format.rate(figures.requests)],
        ["Errors / s", format.rate(figures.errors), figures.errors > 0],
        ["Latency p50", format.micros(quantile(0.5, lately))],
        ["Latency p99", format.micros(quantile(0.99, lately))],
        ["Waiting", format.count(figures.waiting)],
        ["Clients", format.count(shown.clients)],
        ["Servers live", `${shown.servers - shown.ejected} of ${shown.servers}`, shown.ejected > 0],
    ];
    place("tiles").replaceChildren(...tiles.map(([name, value, bad]) =>
        element("div", {class: bad ? "bad" : null}, element("dt", {}, name), element("dd", {}, value))));
}

function showCharts(figures) {
    const at = Date.now();
    traffic.add(at, [figures.requests, figures.errors]);
    latency.add(at, [0.5, 0.9, 0.99].map(part => quantile(part, figures.replies)));
    queue.add(at, [figures.waiting, figures.longest]);
}
