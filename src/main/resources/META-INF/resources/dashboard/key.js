// Where does a key go? Answered by what decides for requests, too.

import {element} from "./elements.js";
import {Problem, ofPool, read} from "./api.js";

/** Explains the key in `form` for the pool that `poolOf` says, in `place`. */
export function explainKeys(form, place, poolOf) {
    form.addEventListener("submit", async event => {
        event.preventDefault();
        const key = form.elements.key.value;
        place.replaceChildren(...await answer(poolOf(), key));
    });
}

async function answer(pool, key) {
    try {
        // Half a character cannot be sent
        const route = await read(ofPool(pool, `route?key=${encodeURIComponent(key.toWellFormed())}`));
        return explanation(route);
    } catch (failure) {
        if (!(failure instanceof Problem)) {
            throw failure;
        }
        return [element("p", {class: "bad"}, failure.message)];
    }
}

function explanation(route) {
    return [
        element("p", {class: "goes"},
            route.key === "" ? "The empty key" : element("code", {}, route.key ?? `0x${route.keyHex}`), " goes to ",
            route.server === null ? element("strong", {class: "bad"}, "no server") : element("strong", {}, route.server),
            " ", route.address === null ? null : element("span", {class: "address"}, route.address)),
        element("p", {}, route.why),
        element("dl", {class: "steps"},
            ...step("Hashed part", element("code", {}, route.hashedPart ?? `0x${route.hashedPartHex}`)),
            ...step(route.hashFunction, String(route.hashValue)),
            ...step("Distribution", route.distribution),
            ...(route.home === null || route.home === route.server ? [] : step("Home, ejected now", route.home))),
    ];
}

function step(name, value) {
    return [element("dt", {}, name), element("dd", {}, value)];
}
