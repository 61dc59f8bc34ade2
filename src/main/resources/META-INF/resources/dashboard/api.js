// What is asked of Cashew. Paths are relative to the page, which may be behind a prefix.

const PATIENCE_MILLIS = 5_000;

/** Why there is no answer: what Cashew says, with its `status`, or that it says nothing, with none. */
export class Problem extends Error {
    constructor(message, status = null) {
        super(message);
        this.status = status;
    }
}

/** The JSON at `path`. */
export async function read(path) {
    const response = await get(path, {Accept: "application/json"}, AbortSignal.timeout(PATIENCE_MILLIS));
    return answered(response.json());
}

/** The path of something of a pool. */
export function ofPool(pool, what) {
    return `pools/${encodeURIComponent(pool)}/${what}`;
}

/**
 * The events after the one with the id `after`, as they happen, until `signal` or the connection ends it. Not an
 * EventSource: that hears only kinds of events it knows the names of.
 */
export async function* events(after, signal) {
    const response = await get("events", {Accept: "text/event-stream", "Last-Event-ID": String(after)}, signal);
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await answered(text.read()); !part.done; part = await answered(text.read())) {
        const lines = (rest + part.value).split("\n");
        rest = lines.pop();
        for (const line of lines) {
            if (line.startsWith("data:")) {
                yield JSON.parse(line.slice("data:".length));
            }
        }
    }
}

async function get(path, headers, signal) {
    const response = await answered(fetch(path, {headers, signal, cache: "no-store"}));
    if (!response.ok) {
        const problem = await response.json().catch(() => ({}));
        throw new Problem(problem.detail ?? `Cashew answers with ${response.status}.`, response.status);
    }
    return response;
}

/** What is read from the network, whose failures are all the same to us. */
function answered(reading) {
    return reading.catch(() => {
        throw new Problem("Cashew does not answer.");
    });
}
