// Command age-plugin-test is an age plugin for the tests: an ordinary X25519 key that only this program can use.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"filippo.io/age"
	"filippo.io/age/plugin"
)

// Its stanzas are X25519 ones under a name that age itself does not know.
const stanzaType = "pleach-test"

type recipient struct{ age.Recipient }

func (r recipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	stanzas, err := r.Recipient.Wrap(fileKey)
	for _, s := range stanzas {
		s.Type = stanzaType
	}
	return stanzas, err
}

type identity struct{ age.Identity }

func (i identity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	var own []*age.Stanza
	for _, s := range stanzas {
		if s.Type == stanzaType {
			own = append(own, &age.Stanza{Type: "X25519", Args: s.Args, Body: s.Body})
		}
	}
	return i.Identity.Unwrap(own)
}

func main() {
	p, err := plugin.New("test")
	if err != nil {
		log.Fatal(err)
	}
	p.RegisterFlags(nil)
	generate := flag.Bool("generate", false, "print a recipient and its identity, one per line")
	flag.Parse()
	if *generate {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(plugin.EncodeRecipient("test", []byte(key.Recipient().String())))
		fmt.Println(plugin.EncodeIdentity("test", []byte(key.String())))
		return
	}
	p.HandleRecipient(func(data []byte) (age.Recipient, error) {
		r, err := age.ParseX25519Recipient(string(data))
		return recipient{r}, err
	})
	p.HandleIdentity(func(data []byte) (age.Identity, error) {
		i, err := age.ParseX25519Identity(string(data))
		return identity{i}, err
	})
	os.Exit(p.Main())
}
