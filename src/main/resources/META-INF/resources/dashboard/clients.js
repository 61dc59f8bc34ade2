// The clients of a pool, for as long as somebody looks at them.

import {element} from "./elements.js";
import * as format from "./format.js";
import {Problem, ofPool, read} from "./api.js";

const NOT_FOUND = 404;

/** The clients of one pool after the other, in `details`. */
export class Clients {
    #details;
    #body;
    #pool = null;
    #listed = true;

    constructor(details) {
        this.#details = details;
        this.#body = details.querySelector(".body");
        details.addEventListener("toggle", () => this.refresh(this.#pool).catch(() => {}));
    }

    /** Shows the clients of `pool`, if they are to be seen. */
    async refresh(pool) {
        if (pool !== this.#pool) {
            this.#body.replaceChildren();
        }
        this.#pool = pool;
        if (!this.#details.open || !this.#listed) {
            return;
        }
        try {
            this.#body.replaceChildren(...table(await read(ofPool(pool, "clients"))));
        } catch (failure) {
            if (!(failure instanceof Problem && failure.status === NOT_FOUND)) {
                throw failure;
            }
            this.#listed = false;
            this.#body.replaceChildren(element("p", {class: "note"}, "This Cashew does not list its clients."));
        }
    }
}

function table({clients, total}) {
    const columns = [
        ["Client", client => client.address ?? "unix socket"],
        ["Name", client => client.name ?? "–"],
        ["User", client => client.user ?? "–"],
        ["Library", client => [client.library, client.libraryVersion].filter(Boolean).join(" ") || "–"],
        ["Last command", client => client.lastCommand ?? "–"],
        ["Waiting", client => format.count(client.requestsUnderWay), "number"],
        ["Connected", client => format.age(client.ageMillis), "number"],
        ["Idle", client => format.age(client.idleMillis), "number"],
    ];
    return [
        element("p", {class: "note"}, clients.length < total ? `The first ${clients.length} of ${format.count(total)}.` : `${format.count(total)} in all.`),
        element("div", {class: "scroll", role: "group", "aria-labelledby": "clients-title", tabindex: 0}, element("table", {},
            element("thead", {}, element("tr", {}, ...columns.map(([title,, kind]) => element("th", {scope: "col", class: kind}, title)))),
            element("tbody", {}, ...clients.map(client =>
                element("tr", {}, ...columns.map(([, text, kind]) => element("td", {class: kind}, text(client)))))))),
    ];
}
