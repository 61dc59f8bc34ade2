package io.cashew.admin;

import io.cashew.sharding.Placement;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Where a hash value fell; `kind` says which of the shapes it is.
@Schema(
        name = "Placement",
        description = "Where the hash value fell. `kind` says which fields there are.",
        oneOf = {PlacementView.Ring.class, PlacementView.Slot.class, PlacementView.Draw.class, PlacementView.None.class},
        discriminatorProperty = "kind")
sealed interface PlacementView {
    String kind();

    @Schema(name = "RingPlacement", description = "ketama: the first point of the ring at or behind the hash value.")
    record Ring(
            @Schema(examples = "ring") String kind,
            @Schema(description = "The value of the point.") long point,
            @Schema(description = "Its place on the ring, from 0.") int position,
            @Schema(description = "How many points the ring has.") int points,
            @Schema(description = "Whether the hash value lies behind the last point, so that the first one was taken.")
                    boolean wrapped)
            implements PlacementView {}

    @Schema(name = "SlotPlacement", description = "modula: the remainder of the hash value divided by the number of slots.")
    record Slot(
            @Schema(examples = "slot") String kind,
            @Schema(description = "The slot, from 0.") long slot,
            @Schema(description = "How many there are: the sum of the weights of the live servers.") long slots)
            implements PlacementView {}

    @Schema(name = "DrawPlacement", description = "random: drawn anew for every request.")
    record Draw(
            @Schema(examples = "draw") String kind,
            @Schema(description = "How many servers took part.") int candidates)
            implements PlacementView {}

    @Schema(name = "NoPlacement", description = "No server is live.")
    record None(@Schema(examples = "none") String kind) implements PlacementView {}

    static PlacementView of(Placement placement) {
        return switch (placement) {
            case Placement.OnRing ring ->
                new Ring("ring", ring.point(), ring.position(), ring.points(), ring.wrapped());
            case Placement.InSlot(_, _, long slot, long slots) -> new Slot("slot", slot, slots);
            case Placement.Drawn(_, _, int candidates) -> new Draw("draw", candidates);
            case Placement.Nowhere _ -> new None("none");
        };
    }
}
