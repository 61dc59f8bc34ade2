package io.cashew.protocol;

import java.util.concurrent.CompletionStage;

/// What one client has told us about itself, and the answers that concern only it. One per client connection, on that
/// connection's event loop.
public interface Session {
    /// What [#answer(Request)] returns for a request that the [dialogue][#dialogue()] is to be asked about.
    byte[] APART = {};

    /// What [#answer(Request)] returns when the answer takes some time, because others have to be asked: [#later()] has it.
    byte[] LATER = {};

    /// The answer to `request`, complete with framing, if no server has to be asked: it is local, refused, has a wrong
    /// number of arguments, or comes before the client has authenticated. Otherwise null. The array may be shared and
    /// must not be changed. [#APART] leaves everything as it is.
    byte[] answer(Request request);

    /// What is done with requests that are [apart][#APART]; the same one for as long as something is begun in it.
    default Dialogue dialogue() {
        throw new IllegalStateException("no request is apart");
    }

    /// The answer to the last request, complete with framing, if [#answer(Request)] has put it off; completes on any thread.
    default CompletionStage<byte[]> later() {
        throw new IllegalStateException("no answer is put off");
    }

    /// Which replies the client wants to hear from now on, the last answer included; null if that has not changed with it.
    /// Changes only with a request that [needed quiet][#needsQuiet(Request)].
    default Replies replies() {
        return null;
    }

    /// Whether the client may go on hearing all that it has subscribed to: what it may do can have changed since.
    default boolean mayHear() {
        return true;
    }

    /// What is known about the client.
    default Introduction introduction() {
        return Introduction.NONE;
    }

    /// Why the last answer refuses what was asked; null if it does not.
    Failure refusal();

    /// Whether the client has shown who it is, or does not have to.
    default boolean trusted() {
        return true;
    }

    /// Which lane the client's requests take from now on, see [Protocol#lanes()]. Changes only with an answer that was made
    /// here, to a request that [needed quiet][#needsQuiet(Request)].
    default int lane() {
        return 0;
    }

    /// Whether `request` must not be looked at before everything the client has asked before is answered, because it, or what
    /// comes behind it, takes another way to the servers and could overtake what is under way. Not asked when nothing is.
    default boolean needsQuiet(Request request) {
        return false;
    }

    /// The client is gone.
    default void close() {}

    /// Whether the client has said goodbye: the connection is closed once everything before has been answered.
    boolean leaving();
}
