// What cert-manager itself makes of a list of objects: the Certificates of its certificate shim, its events and errors,
// and what its webhook says of each Certificate.
//
// In: a JSON list of objects. Out: a JSON list of answers, one for each of them. The name of this module lies below that
// of cert-manager, so that the packages of its webhook can be imported; it is published nowhere.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	gwapi "sigs.k8s.io/gateway-api/apis/v1"

	internalcmapi "github.com/cert-manager/cert-manager/internal/apis/certmanager"
	convert "github.com/cert-manager/cert-manager/internal/apis/certmanager/v1"
	"github.com/cert-manager/cert-manager/internal/apis/certmanager/validation"
	cmapi "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/fake"
	cmlisters "github.com/cert-manager/cert-manager/pkg/client/listers/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/controller"
	shimhelper "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim"
)

type answer struct {
	// What the shim makes for the object.
	Certificates []*cmapi.Certificate `json:"certificates"`
	// What it tells the object's owner.
	Events []string `json:"events"`
	// What it tells its log alone.
	Error string `json:"error"`
	// What the webhook says of the Certificate, or of those that the shim makes.
	Refused string `json:"refused"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var objects []json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		return err
	}
	index := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	answers := make([]answer, len(objects))
	// The Certificates of the list stand before the shim looks.
	for at, object := range objects {
		var certificate cmapi.Certificate
		if kind(object) != "cert-manager.io/v1 Certificate" {
			continue
		}
		// A field that the API does not know would be dropped without a word.
		strict := json.NewDecoder(bytes.NewReader(object))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&certificate); err != nil {
			return err
		}
		answers[at].Refused = webhook(&certificate)
		if err := index.Add(&certificate); err != nil {
			return err
		}
	}
	for at, object := range objects {
		like, err := read(object)
		if err != nil {
			return err
		}
		if like == nil {
			continue
		}
		if err := shim(like, index, &answers[at]); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func shim(like metav1.Object, index cache.Indexer, answer *answer) error {
	like.SetUID(types.UID(fmt.Sprintf("%T/%s/%s", like, like.GetNamespace(), like.GetName())))
	client := fake.NewSimpleClientset()
	recorder := record.NewFakeRecorder(1000)
	defaults := controller.IngressShimOptions{
		DefaultIssuerName:                 "default",
		DefaultIssuerKind:                 "ClusterIssuer",
		DefaultAutoCertificateAnnotations: []string{"kubernetes.io/tls-acme"},
	}
	sync := shimhelper.SyncFnFor(recorder, logr.Discard(), client, cmlisters.NewCertificateLister(index), defaults, "pleach")
	if err := sync(context.Background(), like); err != nil {
		answer.Error = err.Error()
	}
	for _, action := range client.Actions() {
		create, ok := action.(testing.CreateAction)
		if !ok {
			continue
		}
		certificate := create.GetObject().(*cmapi.Certificate)
		answer.Certificates = append(answer.Certificates, certificate)
		if answer.Refused == "" {
			answer.Refused = webhook(certificate)
		}
		if err := index.Add(certificate); err != nil {
			return err
		}
	}
	close(recorder.Events)
	for event := range recorder.Events {
		answer.Events = append(answer.Events, event)
	}
	return nil
}

// What the validating webhook says.
func webhook(certificate *cmapi.Certificate) string {
	var internal internalcmapi.Certificate
	if err := convert.Convert_v1_Certificate_To_certmanager_Certificate(certificate, &internal, nil); err != nil {
		return err.Error()
	}
	if problems, _ := validation.ValidateCertificate(nil, &internal); len(problems) > 0 {
		return problems.ToAggregate().Error()
	}
	return ""
}

func kind(object json.RawMessage) string {
	var meta metav1.TypeMeta
	if json.Unmarshal(object, &meta) != nil {
		return ""
	}
	return meta.APIVersion + " " + meta.Kind
}

// The object as the API server gives it back: with the defaults of its CRD.
func read(object json.RawMessage) (metav1.Object, error) {
	switch kind(object) {
	case "networking.k8s.io/v1 Ingress":
		var ingress networkingv1.Ingress
		return &ingress, json.Unmarshal(object, &ingress)
	case "gateway.networking.k8s.io/v1 Gateway":
		var gateway gwapi.Gateway
		err := json.Unmarshal(object, &gateway)
		for at := range gateway.Spec.Listeners {
			gateway.Spec.Listeners[at].TLS = defaulted(gateway.Spec.Listeners[at].TLS)
		}
		return &gateway, err
	case "gateway.networking.k8s.io/v1 ListenerSet":
		var set gwapi.ListenerSet
		err := json.Unmarshal(object, &set)
		for at := range set.Spec.Listeners {
			set.Spec.Listeners[at].TLS = defaulted(set.Spec.Listeners[at].TLS)
		}
		return &set, err
	default:
		return nil, nil
	}
}

func defaulted(tls *gwapi.ListenerTLSConfig) *gwapi.ListenerTLSConfig {
	if tls == nil {
		return nil
	}
	if tls.Mode == nil {
		mode := gwapi.TLSModeTerminate
		tls.Mode = &mode
	}
	for at := range tls.CertificateRefs {
		reference := &tls.CertificateRefs[at]
		if reference.Group == nil {
			reference.Group = new(gwapi.Group)
		}
		if reference.Kind == nil {
			secret := gwapi.Kind("Secret")
			reference.Kind = &secret
		}
	}
	return tls
}
