package io.cashew.protocol.redis;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// How a field that several servers tell in `INFO` becomes one of the pool's.
enum Fold {
    /// Numbers, added up with as many decimals as any has.
    SUM {
        @Override
        Optional<String> of(List<String> values) {
            return number(values, BigDecimal::add);
        }
    },
    /// The smallest number.
    LEAST {
        @Override
        Optional<String> of(List<String> values) {
            return number(values, BigDecimal::min);
        }
    },
    /// The largest number.
    MOST {
        @Override
        Optional<String> of(List<String> values) {
            return number(values, BigDecimal::max);
        }
    },
    /// The sum of numbers of which each is a limit: 0, no limit, if one of them is.
    LIMIT {
        @Override
        Optional<String> of(List<String> values) {
            return values.contains("0") ? Optional.of("0") : SUM.of(values);
        }
    },
    /// The oldest version, because it is what clients choose by what they may ask for.
    OLDEST {
        @Override
        Optional<String> of(List<String> values) {
            return values.stream().map(ServerVersion::new).min(Comparator.naturalOrder()).map(ServerVersion::text);
        }
    },
    /// `ok`, unless one server says something else.
    ALL_WELL {
        @Override
        Optional<String> of(List<String> values) {
            return values.stream().reduce((all, next) -> all.equals("ok") ? next : all);
        }
    },
    /// What all say, or `mixed`.
    SHARED {
        @Override
        Optional<String> of(List<String> values) {
            return values.stream().reduce((all, next) -> all.equals(next) ? all : "mixed");
        }
    };

    /// Nothing if there are no values, or if they are not what they should be.
    abstract Optional<String> of(List<String> values);

    private static Optional<String> number(List<String> values, BinaryOperator<BigDecimal> fold) {
        try {
            return values.stream().map(BigDecimal::new).reduce(fold).map(BigDecimal::toPlainString);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
