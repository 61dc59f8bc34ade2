// What an application does with go-redis, over a pool of three servers and over one with a password.
//
// usage: go_redis OPEN_PORT LOCKED_PORT PASSWORD DIALECT [AUTHORITY]
//
// DIALECT is 2 or 3; with a file of the authority that certificates have to be signed by, over TLS.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// The dialect of the library when it is not told which.
const usual = 3

var (
	open, locked, password = os.Args[1], os.Args[2], os.Args[3]
	background             = context.Background()
	dialect, _             = strconv.Atoi(os.Args[4])
	encryption             = trust()
	passed                 int
)

func trust() *tls.Config {
	if len(os.Args) < 6 {
		return nil
	}
	authority, err := os.ReadFile(os.Args[5])
	if err != nil {
		panic(err)
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(authority)
	return &tls.Config{RootCAs: authorities, ServerName: "127.0.0.1"}
}

func connect(port string, settings redis.Options) *redis.Client {
	settings.Addr = "127.0.0.1:" + port
	settings.TLSConfig = encryption
	if dialect != usual {
		settings.Protocol = dialect
	}
	return redis.NewClient(&settings)
}

func check(what string, got, expected interface{}, err error) {
	if err != nil || fmt.Sprint(got) != fmt.Sprint(expected) {
		fmt.Println("FAILED:", what, "got:", got, "expected:", expected, "error:", err)
		os.Exit(1)
	}
	passed++
	fmt.Println(what)
}

func fails(what string, err error, text string) {
	check(what, err != nil && strings.Contains(err.Error(), text), true, nil)
}

// The value of `field` in a line of CLIENT LIST.
func word(line, field string) string {
	for _, pair := range strings.Fields(line) {
		if strings.HasPrefix(pair, field+"=") {
			return strings.TrimPrefix(pair, field+"=")
		}
	}
	return ""
}

func main() {
	client := connect(open, redis.Options{})
	other := connect(open, redis.Options{})

	pong, err := client.Ping(background).Result()
	check("connects", pong, "PONG", err)
	info, err := client.Do(background, "CLIENT", "INFO").Text()
	check("speaks its dialect", word(info, "resp"), dialect, err)

	pipeline := client.Pipeline()
	var gets []*redis.StringCmd
	keys := map[string]bool{}
	for i := 0; i < 1000; i++ {
		key := fmt.Sprintf("%d:key", i)
		keys[key] = true
		pipeline.Set(background, key, i, 0)
		gets = append(gets, pipeline.Get(background, key))
	}
	_, err = pipeline.Exec(background)
	right := 0
	for i, get := range gets {
		if get.Val() == strconv.Itoa(i) {
			right++
		}
	}
	check("pipelines two thousand requests", right, 1000, err)

	seen := map[string]bool{}
	scan := client.Scan(background, 0, "", 100).Iterator()
	for scan.Next(background) {
		seen[scan.Val()] = true
	}
	check("goes through the keys of all servers", seen, keys, scan.Err())

	transaction := client.TxPipeline()
	transaction.Incr(background, "counter")
	second := transaction.Incr(background, "counter")
	_, err = transaction.Exec(background)
	check("counts twice in one transaction", second.Val(), 2, err)
	err = client.Watch(background, func(watching *redis.Tx) error {
		other.Incr(background, "counter")
		_, err := watching.TxPipelined(background, func(queued redis.Pipeliner) error {
			return queued.Set(background, "counter", "lost", 0).Err()
		})
		return err
	}, "counter")
	check("a transaction sees that what it watches was changed", err, redis.TxFailedErr, nil)

	script := redis.NewScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
	for i := 0; i < 30; i++ {
		key := fmt.Sprintf("%d:scripted", i)
		sum, failure := script.Run(background, client, []string{key}, 7).Int()
		if failure != nil || sum != 7 {
			check("runs a script on whatever server its key lives", sum, 7, failure)
		}
	}
	check("runs a script on whatever server its key lives", client.Exists(background, "29:scripted").Val(), 1, nil)

	popped := make(chan string)
	go func() {
		element, err := other.BLPop(background, 5*time.Second, "queue").Result()
		popped <- fmt.Sprint(element, err)
	}()
	err = client.RPush(background, "queue", "element").Err()
	check("waits for what another pushes", <-popped, "[queue element] <nil>", err)

	listener := client.Subscribe(background, "news")
	_, err = listener.Receive(background)
	check("is subscribed to a channel", listener, "PubSub(news)", err)
	listener.PSubscribe(background, "weather.*")
	_, err = listener.Receive(background)
	check("is subscribed to a pattern", listener, "PubSub(news, weather.*)", err)
	other.Publish(background, "news", "first")
	news, err := listener.ReceiveMessage(background)
	check("hears a channel", news, "Message<news: first>", err)
	other.Publish(background, "weather.today", "rain")
	weather, err := listener.ReceiveMessage(background)
	check("hears a pattern", weather, "Message<weather.today: rain>", err)

	err = client.HSet(background, "hash", "one", "1", "two", "2").Err()
	check("reads a hash", client.HGetAll(background, "hash").Val(), map[string]string{"one": "1", "two": "2"}, err)
	err = client.ZAdd(background, "scores", redis.Z{Score: 1.5, Member: "low"}, redis.Z{Score: 20, Member: "high"}).Err()
	check("reads scores", client.ZRangeWithScores(background, "scores", 0, -1).Val(), "[{1.5 low} {20 high}]", err)
	fails("an error of a server", client.Get(background, "hash").Err(), "WRONGTYPE")
	fails("an error of the pool", client.MSetNX(background, "1:key", "", "2:key", "", "3:key", "", "4:key", "").Err(), "CROSSSLOT")

	identity, err := client.ClientID(background).Result()
	check("has an identity", err, nil, err)
	killed, err := other.Do(background, "CLIENT", "KILL", "TYPE", "normal").Int()
	check("ends connections that ask", killed > 0, true, err)
	killed, err = other.Do(background, "CLIENT", "KILL", "TYPE", "pubsub").Int()
	check("ends connections that listen", killed, 1, err)
	value, err := client.Get(background, "7:key").Result()
	check("comes back after its connection was closed", value, 7, err)
	check("over a new connection", client.ClientID(background).Val() != identity, true, nil)
	listening := make(chan string)
	go func() {
		// What it hears first is that it is subscribed again.
		message, err := listener.ReceiveMessage(background)
		if err != nil {
			message, err = listener.ReceiveMessage(background)
		}
		listening <- fmt.Sprint(message, err)
	}()
	for again := true; again; {
		select {
		case heard := <-listening:
			check("hears a channel again", heard, "Message<news: again> <nil>", nil)
			again = false
		default:
			other.Publish(background, "news", "again")
		}
	}

	named := connect(locked, redis.Options{Password: password, ClientName: "billing"})
	name, err := named.ClientGetName(background).Result()
	check("says the password and its name", name, "billing", err)
	fails("a wrong password", connect(locked, redis.Options{Password: "wrong"}).Ping(background).Err(), "invalid")
	fails("no password", connect(locked, redis.Options{}).Ping(background).Err(), "NOAUTH")

	fmt.Printf("OK, %d checks\n", passed)
}
