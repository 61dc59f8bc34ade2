package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The rules of one user, applied one after the other as Redis does, to one who may do nothing at first.
final class UserRules {
    /// What is wrong with a rule, worded to follow it, and what to do.
    static final class WrongRule extends Exception {
        private static final long serialVersionUID = 1L;

        WrongRule(String message) {
            super(message);
        }
    }

    private static final String USELESS_PATTERN =
            "comes after a pattern for all, and has no effect: remove it, or put %s before it";
    private static final int MOST_CLIENTS = 16 << 20;

    private final String name;
    private final UsersFile.PasswordFiles files;
    private final Set<Password> passwords = new LinkedHashSet<>();
    private final BitSet commands = new BitSet();
    private final List<KeyPattern> keys = new ArrayList<>();
    private final List<Glob> channels = new ArrayList<>();
    private String commandRules = "-@all";
    private boolean on;
    private boolean noPassword;
    private int mostClients;

    UserRules(String name, UsersFile.PasswordFiles files) {
        this.name = name;
        this.files = files;
    }

    /// Who the rules make the user.
    UserTerms terms() throws WrongRule {
        if (on && !noPassword && passwords.isEmpty()) {
            throw new WrongRule("is on and has no password: add password-file=PATH, or nopass if anybody may be it");
        }
        if (mostClients > 0 && noPassword && name.equals(UserTerms.DEFAULT)) {
            throw new WrongRule("is what every client is at first, with nopass and max-clients: "
                    + "use client_connections of the pool");
        }
        return new UserTerms(
                name, on, noPassword, List.copyOf(passwords), mostClients, new Permissions(commands, commandRules, keys, channels));
    }

    void apply(String rule) throws WrongRule {
        switch (rule) {
            case "on" -> on = true;
            case "off" -> on = false;
            case "nopass" -> {
                passwords.clear();
                noPassword = true;
            }
            case "resetpass" -> {
                passwords.clear();
                noPassword = false;
            }
            case "reset" -> reset();
            case "allkeys" -> addKeys("*", true, true);
            case "resetkeys" -> keys.clear();
            case "allchannels" -> addChannels("*");
            case "resetchannels" -> channels.clear();
            case "allcommands" -> applyToAll(true);
            case "nocommands" -> applyToAll(false);
            // What a server does with the payload of RESTORE is its own affair, and there are no selectors.
            case "sanitize-payload", "skip-sanitize-payload", "clearselectors" -> {}
            default -> applyWithArgument(rule);
        }
    }

    private void reset() {
        on = false;
        noPassword = false;
        passwords.clear();
        keys.clear();
        channels.clear();
        applyToAll(false);
        mostClients = 0;
    }

    private void applyWithArgument(String rule) throws WrongRule {
        String argument = rule.substring(1);
        switch (rule.charAt(0)) {
            case '>' -> addPassword(argument);
            case '#' -> addDigest(argument);
            case '<', '!' -> throw new WrongRule(
                    "takes a password away, which a file does not have to: remove it where it is added");
            case '~' -> addKeys(argument, true, true);
            case '%' -> addKeysFor(argument);
            case '&' -> addChannels(argument);
            case '+' -> applyToCommands(argument, true);
            case '-' -> applyToCommands(argument, false);
            case '(' -> throw new WrongRule(
                    "begins a selector, which is not supported here: give each set of rules a user of its own");
            default -> applySetting(rule);
        }
    }

    private void applySetting(String rule) throws WrongRule {
        int equals = rule.indexOf('=');
        switch (equals < 0 ? "" : rule.substring(0, equals)) {
            case "password-file" -> readPasswords(rule.substring(equals + 1));
            case "max-clients" -> mostClients = clients(rule.substring(equals + 1));
            default -> throw new WrongRule("is not known: on, off, nopass, >password, #sha256, password-file=PATH, ~keys, %R~keys, "
                    + "%W~keys, &channels, +command, -command, +@category, -@category or max-clients=NUMBER");
        }
    }

    private void addPassword(String password) throws WrongRule {
        if (password.isEmpty() || password.length() > Password.LONGEST) {
            throw new WrongRule("is not a password of 1 to " + Password.LONGEST + " bytes");
        }
        passwords.add(Password.of(password.getBytes(ISO_8859_1)));
        noPassword = false;
    }

    private void addDigest(String hex) throws WrongRule {
        try {
            passwords.add(Password.ofDigest(hex));
        } catch (IllegalArgumentException wrong) {
            throw new WrongRule("is not the SHA-256 of a password: 64 hexadecimal digits, in lower case");
        }
        noPassword = false;
    }

    private void readPasswords(String path) throws WrongRule {
        try {
            passwords.addAll(files.read(new String(path.getBytes(ISO_8859_1), UTF_8)));
        } catch (IOException wrong) {
            throw new WrongRule("cannot be used: " + wrong.getMessage());
        }
        noPassword = false;
    }

    private static int clients(String text) throws WrongRule {
        int number = text.matches("[0-9]{1,8}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > MOST_CLIENTS) {
            throw new WrongRule("is not a number of clients: 1 to " + MOST_CLIENTS);
        }
        return number;
    }

    /// What follows a percent sign: `R~`, `W~` or `RW~`, in any case of letters, and the pattern.
    private void addKeysFor(String text) throws WrongRule {
        int tilde = text.indexOf('~');
        switch (tilde < 0 ? "" : text.substring(0, tilde).toUpperCase(Locale.ROOT)) {
            case "R" -> addKeys(text.substring(tilde + 1), true, false);
            case "W" -> addKeys(text.substring(tilde + 1), false, true);
            case "RW", "WR" -> addKeys(text.substring(tilde + 1), true, true);
            default -> throw new WrongRule("does not say what the keys are for: %R~pattern, %W~pattern or %RW~pattern");
        }
    }

    private void addKeys(String pattern, boolean reads, boolean writes) throws WrongRule {
        var added = new KeyPattern(Glob.of(pattern), reads, writes);
        var all = new KeyPattern(Glob.of("*"), true, true);
        if (keys.contains(all) && !added.equals(all)) {
            throw new WrongRule(USELESS_PATTERN.formatted("resetkeys"));
        }
        keys.add(added);
    }

    private void addChannels(String pattern) throws WrongRule {
        var added = Glob.of(pattern);
        var all = Glob.of("*");
        if (channels.contains(all) && !added.equals(all)) {
            throw new WrongRule(USELESS_PATTERN.formatted("resetchannels"));
        }
        channels.add(added);
    }

    private void applyToAll(boolean allowed) {
        commands.set(0, RedisCommand.values().length, allowed);
        commandRules = allowed ? "+@all" : "-@all";
    }

    private void applyToCommands(String text, boolean allowed) throws WrongRule {
        String label = text.toLowerCase(Locale.ROOT);
        if (label.equals("@all")) {
            applyToAll(allowed);
            return;
        }
        for (var row : label.startsWith("@") ? ofCategory(label.substring(1)) : named(label)) {
            commands.set(row.ordinal(), allowed);
        }
        commandRules += (allowed ? " +" : " -") + label;
    }

    private static List<RedisCommand> ofCategory(String label) throws WrongRule {
        var category = Category.named(label)
                .orElseThrow(() -> new WrongRule("names no category of commands: ACL CAT lists them"));
        return List.of(RedisCommand.values()).stream().filter(category::contains).toList();
    }

    /// A command with all its subcommands, or one of these.
    private static List<RedisCommand> named(String label) throws WrongRule {
        var row = RedisCommand.labelled(label);
        if (row == null) {
            int bar = label.indexOf('|');
            boolean argument = bar > 0 && RedisCommand.named(label.substring(0, bar)) != null;
            throw new WrongRule(argument
                    ? "names no subcommand, and a first argument cannot be allowed by itself: allow the command, or leave it out"
                    : "names no command: ACL CAT with a category lists its commands; a category is written with @");
        }
        var rows = new ArrayList<>(row.variants());
        rows.add(row);
        return rows;
    }
}
