package io.cashew.transport;

/// What a decoder knows of a message that has not arrived whole.
public interface Incomplete {
    /// How many more bytes the message needs at least; 0 if unknown.
    long missing();

    /// How long the value is that was arriving last, arrived or not, if nobody on the road has to see it; else 0.
    int opaque();

    /// Where that value begins, counted from the start of the message.
    int opaqueAt();

    /// Says that the value is kept elsewhere: from now on the decoder is offered the message without it.
    void cutOut();
}
