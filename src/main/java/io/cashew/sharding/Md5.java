package io.cashew.sharding;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// MD5 (RFC 1321) with its sixteen bytes read as four little-endian words: the `md5` hash is the first of them, and the
/// ketama ring uses all four as points. Nothing here is a secret; MD5 only scatters.
///
/// One instance per thread, because a digest keeps state between its calls; that also spares an allocation per key.
final class Md5 {
    private static final ThreadLocal<Md5> OF_THREAD = ThreadLocal.withInitial(Md5::new);

    private final MessageDigest algorithm;
    private final byte[] digest = new byte[16];

    private Md5() {
        try {
            algorithm = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime offers no MD5, which places the servers on the ring", e);
        }
    }

    /// The digest of these bytes, valid until this thread asks for the next one.
    static Md5 of(byte[] bytes, int offset, int length) {
        var md5 = OF_THREAD.get();
        md5.algorithm.update(bytes, offset, length);
        try {
            md5.algorithm.digest(md5.digest, 0, md5.digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        return md5;
    }

    int word(int index) {
        return LittleEndian.word(digest, index * Integer.BYTES);
    }
}
