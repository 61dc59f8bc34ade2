package io.cashew.protocol.redis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/// Reads scores and writes them as the servers do that have written those: until Redis 7.0 with 17 digits (`%.17g`), since 7.2,
/// and in Valkey, with as few as tell a number from all others (`util.c`, `d2string`, and `fpconv_dtoa`). If nobody knows how old
/// the servers are, that it is the former shows from the first score that has more digits than it needs.
///
/// The fewest digits are those of [Double#toString(double)]. `fpconv_dtoa` (Grisu 2) finds others now and then, for the same
/// number.
final class ScoreText {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?");
    private static final MathContext SEVENTEEN_DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);
    private static final int LONGEST = 32;

    /// Up to this whole numbers are written as such.
    private static final double WHOLE = 1L << 62;

    /// Since then digits are as few as possible.
    private static final ServerVersion FEWEST_DIGITS = new ServerVersion("7.2");

    private boolean seventeenDigits;

    /// As a server of this version does, or null if that is not known.
    ScoreText(ServerVersion version) {
        seventeenDigits = version != null && version.isBefore(FEWEST_DIGITS);
    }

    /// NaN if `text` is no score.
    double read(String text) {
        switch (text) {
            case "inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {}
        }
        if (text.length() > LONGEST || !NUMBER.matcher(text).matches()) {
            return Double.NaN;
        }
        double score = Double.parseDouble(text);
        if (!seventeenDigits && text.length() > SEVENTEEN_DIGITS.getPrecision()) {
            seventeenDigits = text.equals(withSeventeenDigits(score)) && !text.equals(withFewestDigits(score));
        }
        return score;
    }

    String write(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        if (score == 0) {
            return 1 / score < 0 ? "-0" : "0";
        }
        return seventeenDigits ? withSeventeenDigits(score) : withFewestDigits(score);
    }

    private static String withSeventeenDigits(double score) {
        var decimal = new BigDecimal(score).round(SEVENTEEN_DIGITS).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        return exponent < -4 || exponent >= 17 ? scientific(decimal, exponent, 2) : decimal.toPlainString();
    }

    private static String withFewestDigits(double score) {
        if (Math.abs(score) <= WHOLE && score == Math.rint(score)) {
            return Long.toString((long) score);
        }
        var decimal = new BigDecimal(Double.toString(score)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        int zeros = -decimal.scale();
        boolean plain = zeros >= 0
                ? exponent < decimal.precision() + 7
                : zeros > -7 || Math.abs(exponent) < 4;
        return plain ? decimal.toPlainString() : scientific(decimal, exponent, 1);
    }

    /// `-1.25e-07`: with as many digits of the exponent as it has, but no fewer than said.
    private static String scientific(BigDecimal decimal, int exponent, int fewestDigits) {
        String digits = decimal.unscaledValue().abs().toString();
        String power = Integer.toString(Math.abs(exponent));
        return (decimal.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + "0".repeat(Math.max(0, fewestDigits - power.length()))
                + power;
    }
}
