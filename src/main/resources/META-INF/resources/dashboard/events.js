// What happened lately, and what happens now.

import {element} from "./elements.js";
import {moment} from "./format.js";
import {Problem, events, read} from "./api.js";

const MOST = 200;

const KINDS = {
    "pool-serving": "good",
    "server-returned": "good",
    "server-restored": "good",
    "configuration-applied": "good",
    "configuration-refused": "bad",
    "pool-stopped": "bad",
    "probe-failed": "bad",
    "server-ejected": "bad",
    "server-failed": "bad",
    "server-overrun": "bad",
    "server-unresolved": "bad",
};

/** The list of events, newest first. */
export class EventList {
    #list;
    #lastId = 0;
    #following = null;

    constructor(list) {
        this.#list = list;
    }

    /** Gets what has been missed, and follows what happens from now on unless it does already. */
    async refresh() {
        if (this.#following !== null) {
            return;
        }
        const recent = await read(`events/recent?after=${this.#lastId}`);
        recent.events.forEach(event => this.#show(event));
        // What had happened before is there to be read, what happens now is read aloud
        this.#list.parentElement.setAttribute("aria-live", "polite");
        this.#follow();
    }

    /** Stops following. */
    stop() {
        this.#following?.abort();
    }

    async #follow() {
        const following = this.#following = new AbortController();
        try {
            for await (const event of events(this.#lastId, following.signal)) {
                this.#show(event);
            }
        } catch (failure) {
            // Whatever the reason is, it is tried again with the next reading
            if (!(failure instanceof Problem)) {
                throw failure;
            }
        } finally {
            this.#following = null;
        }
    }

    #show(event) {
        this.#lastId = event.id;
        this.#list.prepend(element("li", {},
            element("time", {datetime: event.at}, moment(new Date(event.at))),
            element("span", {class: `state ${KINDS[event.kind] ?? "neutral"}`}, event.kind),
            element("span", {class: "text"}, event.text)));
        if (this.#list.children.length > MOST) {
            this.#list.lastChild.remove();
        }
    }
}
