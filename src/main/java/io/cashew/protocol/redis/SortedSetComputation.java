package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// ZINTER, ZUNION, ZDIFF and ZINTERCARD. Every key's members and scores are asked for, one key at a time: the scores of an
/// element are added up in the order of the sizes of its sets, on which a sum of floating-point numbers depends
/// (`t_zset.c`, `zunionInterDiffGenericCommand`). A plain set is a sorted set whose scores are 1.
///
/// @param command which of them
/// @param weights what the scores of each key are multiplied by
/// @param aggregate what becomes of the scores of one element
/// @param withScores whether the answer has scores
/// @param limit of ZINTERCARD: where it stops to count; 0 for never
/// @param version how old the servers are at least, or null
record SortedSetComputation(
        RedisCommand command, double[] weights, Aggregate aggregate, boolean withScores, long limit, ServerVersion version)
        implements Computation {
    enum Aggregate {
        SUM {
            @Override
            double of(double target, double value) {
                double sum = target + value;
                // Infinities of both signs cancel each other.
                return Double.isNaN(sum) ? 0 : sum;
            }
        },
        MIN {
            @Override
            double of(double target, double value) {
                return value < target ? value : target;
            }
        },
        MAX {
            @Override
            double of(double target, double value) {
                return value > target ? value : target;
            }
        };

        abstract double of(double target, double value);
    }

    /// An element of one set, or of the result.
    ///
    /// @param text the score as a server has written it, or null if it has been computed
    private record Element(String member, double score, String text) {}

    /// By score, and members of equal scores by their bytes. Zero has no sign here.
    private static final Comparator<Element> ORDER = (one, other) -> one.score < other.score
            ? -1
            : one.score > other.score ? 1 : one.member.compareTo(other.member);

    /// What both Redis (`strtod`) and we take for the same number.
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    private static final int LONGEST_NUMBER = 64;

    /// Null if a word of `request` is not understood.
    static SortedSetComputation of(Request request, ServerVersion version) {
        var command = (RedisCommand) request.command();
        int keys = request.keyCount();
        boolean combines = command == RedisCommand.ZINTER || command == RedisCommand.ZUNION;
        double[] weights = new double[keys];
        Arrays.fill(weights, 1);
        var aggregate = Aggregate.SUM;
        boolean withScores = false;
        long limit = 0;
        boolean understood = Computation.isPlainNumber(request, 1);
        int word = 2 + keys;
        while (understood && word < request.wordCount()) {
            int behind = request.wordCount() - word - 1;
            if (combines && request.wordIs(word, "weights") && behind >= keys) {
                for (int key = 0; key < keys; key++) {
                    weights[key] = number(request, word + 1 + key);
                    understood &= !Double.isNaN(weights[key]);
                }
                word += 1 + keys;
            } else if (combines && request.wordIs(word, "aggregate") && behind >= 1) {
                aggregate = aggregate(request, word + 1);
                understood = aggregate != null;
                word += 2;
            } else if (command != RedisCommand.ZINTERCARD && request.wordIs(word, "withscores")) {
                withScores = true;
                word++;
            } else {
                limit = command == RedisCommand.ZINTERCARD ? Computation.limit(request, word) : -1;
                understood = limit >= 0;
                word += 2;
            }
        }
        return understood ? new SortedSetComputation(command, weights, aggregate, withScores, limit, version) : null;
    }

    private static Aggregate aggregate(Request request, int word) {
        return Arrays.stream(Aggregate.values())
                .filter(aggregate -> request.wordIs(word, aggregate.name().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    /// NaN if the word is no number for certain.
    private static double number(Request request, int word) {
        if (request.wordIs(word, "inf") || request.wordIs(word, "+inf")) {
            return Double.POSITIVE_INFINITY;
        }
        if (request.wordIs(word, "-inf")) {
            return Double.NEGATIVE_INFINITY;
        }
        String text = request.wordLength(word) > LONGEST_NUMBER ? "" : new String(request.word(word), ISO_8859_1);
        if (!NUMBER.matcher(text).matches()) {
            return Double.NaN;
        }
        double number = Double.parseDouble(text);
        // What is too large or too small for a double is an error in Redis.
        boolean fits = !Double.isInfinite(number) && (number != 0 || !text.split("[eE]")[0].matches(".*[1-9].*"));
        return fits ? number : Double.NaN;
    }

    @Override
    public byte[] answer(List<ByteBuf> answers) {
        var dialect = Dialect.RESP2;
        List<List<Element>> sets = new ArrayList<>();
        var scores = new ScoreText(version);
        for (ByteBuf answer : answers) {
            var reader = new ReplyReader(answer);
            int count = reader.elements();
            boolean pairs = count > 0 && reader.type() == '*';
            if (pairs) {
                dialect = Dialect.RESP3;
            }
            var set = read(reader, pairs ? count : count / 2, pairs, scores);
            if (set == null || !pairs && count % 2 != 0 || reader.type() != 0) {
                return null;
            }
            sets.add(set);
        }
        List<Element> result = switch (command) {
            case ZDIFF -> difference(sets);
            case ZUNION -> union(sets);
            default -> intersection(sets);
        };
        if (command == RedisCommand.ZINTERCARD) {
            return ReplyBuilder.number(limit == 0 ? result.size() : Math.min(limit, result.size()));
        }
        result.sort(ORDER);
        return written(result, dialect, scores);
    }

    /// `*2 CRLF member score`, or in RESP2 only member and score. Null if it is something else.
    private static List<Element> read(ReplyReader reader, int count, boolean pairs, ScoreText scores) {
        List<Element> set = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (pairs && reader.elements() != 2) {
                return null;
            }
            String member = reader.string();
            String text = reader.score();
            if (!reader.sound() || member == null || text == null) {
                return null;
            }
            double score = scores.read(text);
            if (Double.isNaN(score)) {
                return null;
            }
            set.add(new Element(member, score, text));
        }
        return reader.sound() ? set : null;
    }

    private static List<Element> difference(List<List<Element>> sets) {
        Map<String, Element> left = new HashMap<>();
        sets.getFirst().forEach(element -> left.put(element.member, element));
        sets.subList(1, sets.size()).forEach(set -> set.forEach(element -> left.remove(element.member)));
        return new ArrayList<>(left.values());
    }

    private List<Element> union(List<List<Element>> sets) {
        Map<String, Element> all = new HashMap<>();
        for (int key : bySize(sets)) {
            for (var element : sets.get(key)) {
                double product = weights[key] * element.score;
                double score = Double.isNaN(product) ? 0 : product;
                all.merge(element.member, scored(element, score), (sum, more) -> combined(sum, more.score, more.text));
            }
        }
        return new ArrayList<>(all.values());
    }

    private List<Element> intersection(List<List<Element>> sets) {
        int[] order = bySize(sets);
        Map<String, Element> common = new HashMap<>();
        for (var element : sets.get(order[0])) {
            double product = weights[order[0]] * element.score;
            common.put(element.member, scored(element, Double.isNaN(product) ? 0 : product));
        }
        for (int i = 1; i < order.length; i++) {
            double weight = weights[order[i]];
            Map<String, Element> here = new HashMap<>();
            for (var element : sets.get(order[i])) {
                var sum = common.get(element.member);
                if (sum != null) {
                    // Unlike that of a union, a product that is no number is not made one before it is combined.
                    here.put(element.member, combined(sum, weight * element.score, null));
                }
            }
            common = here;
        }
        return new ArrayList<>(common.values());
    }

    private Element combined(Element target, double value, String text) {
        double score = aggregate.of(target.score, value);
        if (Double.doubleToLongBits(score) == Double.doubleToLongBits(target.score)) {
            return target;
        }
        return new Element(target.member, score, Double.doubleToLongBits(score) == Double.doubleToLongBits(value) ? text : null);
    }

    private static Element scored(Element element, double score) {
        boolean same = Double.doubleToLongBits(score) == Double.doubleToLongBits(element.score);
        return same ? element : new Element(element.member, score, null);
    }

    /// The numbers of the keys, from the smallest set to the largest; equal ones in the order of the request.
    private static int[] bySize(List<List<Element>> sets) {
        Integer[] keys = new Integer[sets.size()];
        Arrays.setAll(keys, key -> key);
        Arrays.sort(keys, Comparator.comparingInt(key -> sets.get(key).size()));
        return Arrays.stream(keys).mapToInt(Integer::intValue).toArray();
    }

    private byte[] written(List<Element> result, Dialect dialect, ScoreText scores) {
        boolean pairs = withScores && dialect == Dialect.RESP3;
        var reply = new ReplyBuilder(dialect).array(withScores && !pairs ? result.size() * 2 : result.size());
        for (var element : result) {
            if (pairs) {
                reply.array(2);
            }
            reply.string(element.member);
            if (withScores) {
                reply.score(element.text == null ? scores.write(element.score) : element.text);
            }
        }
        return reply.bytes();
    }
}
