package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// nullables makes the description say of every pointer to an object what it means:
// the object or null. The library says so of scalars only. Pointers with omitempty
// are left out instead of being null.
func nullables(r huma.Registry) {
	for name, schema := range r.Map() {
		t := r.TypeFromRef("#/components/schemas/" + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, f := range reflect.VisibleFields(t) {
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			p := schema.Properties[key]
			if f.Type.Kind() != reflect.Pointer || options == "omitempty" || p == nil || p.Ref == "" {
				continue
			}
			schema.Properties[key] = &huma.Schema{
				Description: p.Description, AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}},
			}
		}
	}
}

// traced is the transformer that puts the id of the request into every problem.
func traced(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*Problem); ok && p.RequestID == "" {
		p.RequestID = requestID(ctx.Context())
	}
	return v, nil
}
