package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads users as Redis keeps them in its `aclfile`: one line each, `user NAME rule …`. Empty lines, and those that begin with `#`,
/// are nobody's.
///
/// Besides [Redis's rules](https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/) there are
/// `password-file=PATH`, a file with a password on each line, and `max-clients=NUMBER`.
public final class UsersFile {
    /// Where a line finds its `password-file`.
    public interface PasswordFiles {
        /// The passwords of the file, at least one. The exception says what is wrong with it, and no password.
        List<Password> read(String path) throws IOException;
    }

    /// What is wrong with the file, and what to do; never shows a password.
    public static final class WrongUsers extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUsers(String message) {
            super(message);
        }
    }

    private static final String LINE = "user NAME followed by rules, such as: user app on password-file=app.password ~app:* +@read";

    private final PasswordFiles files;
    private final Map<String, UserTerms> users = new LinkedHashMap<>();

    private UsersFile(PasswordFiles files) {
        this.files = files;
    }

    /// The users of `bytes`, in the order in which they stand; at least one.
    public static List<UserTerms> read(byte[] bytes, PasswordFiles files) throws WrongUsers {
        var file = new UsersFile(files);
        int number = 0;
        for (String line : new String(bytes, ISO_8859_1).lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                file.readLine(line.strip().split("[ \t]+"), number);
            }
        }
        if (file.users.isEmpty()) {
            throw new WrongUsers("it has no users: write at least one line, " + LINE);
        }
        return List.copyOf(file.users.values());
    }

    private void readLine(String[] words, int number) throws WrongUsers {
        if (!String.join("", words).chars().allMatch(c -> c > ' ' && c != 127)) {
            throw new WrongUsers("line " + number + " has a character that nobody can see: remove it");
        }
        if (!words[0].equals("user") || words.length < 2) {
            throw new WrongUsers("line " + number + " is not a user's: write " + LINE);
        }
        String name = words[1];
        if (name.length() > RedisSession.LONGEST_USER) {
            throw new WrongUsers("line " + number + " has a user whose name is longer than " + RedisSession.LONGEST_USER
                    + " bytes: shorten it");
        }
        var user = new UserRules(name, files);
        for (int word = 2; word < words.length; word++) {
            try {
                user.apply(words[word]);
            } catch (UserRules.WrongRule wrong) {
                throw new WrongUsers("line " + number + ": user '" + name + "': " + shown(words[word], word - 1) + " "
                        + wrong.getMessage());
            }
        }
        try {
            if (users.put(name, user.terms()) != null) {
                throw new WrongUsers("line " + number + ": user '" + name + "' is there twice: put all rules on one line");
            }
        } catch (UserRules.WrongRule wrong) {
            throw new WrongUsers("line " + number + ": user '" + name + "' " + wrong.getMessage());
        }
    }

    /// What is no known kind of rule may be the rest of a password with a blank in it.
    private static String shown(String rule, int number) {
        boolean harmless = "+-~%&@".indexOf(rule.charAt(0)) >= 0 || rule.matches("(password-file|max-clients)=.*");
        return harmless ? "rule '" + (rule.length() > 64 ? rule.substring(0, 64) + "…" : rule) + "'" : "rule number " + number;
    }
}
