package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type systemInput struct {
	ID int64 `path:"id" minimum:"30000000" maximum:"39999999"`
}

// SystemView is a system with its place and neighbours.
type SystemView struct {
	System
	Constellation *Ref   `json:"constellation"`
	Neighbors     []Ref  `json:"neighbors" doc:"one stargate away"`
	Dotlan        string `json:"dotlan,omitempty"`
}

type systemOutput struct{ Body SystemView }

func (s *Service) registerSystems(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-system", Method: http.MethodGet, Path: "/api/v1/systems/{id}", Tags: []string{"Systems"},
		Summary: "One solar system", Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.getSystem)
}

func (s *Service) getSystem(_ context.Context, in *systemInput) (*systemOutput, error) {
	sys, ok := s.World.System(in.ID)
	if !ok {
		return nil, problem(http.StatusNotFound, "system is not in the static data", "check the id; systems newer than the static data are shown by id only")
	}
	out := &systemOutput{SystemView{
		System: s.views.system(in.ID), Constellation: &Ref{ID: sys.ConstellationID, Name: &sys.ConstellationName}, Neighbors: []Ref{},
	}}
	out.Body.Dotlan = dotlanURL(out.Body.System)
	for _, id := range s.World.Neighbors(in.ID) {
		r := Ref{ID: id}
		if n, ok := s.World.System(id); ok {
			r.Name = &n.Name
		}
		out.Body.Neighbors = append(out.Body.Neighbors, r)
	}
	return out, nil
}
