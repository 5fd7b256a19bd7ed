/// The numbers of an objective's terms.
module Vae.Core.Tests.TermValues

open Vae.Core

let private values (term: Term) : float[] = Tensor.toArray term.Nats.Values

/// Of each term in turn.
let each (terms: Term list) : float[] list = List.map values terms

/// Of each term by its name.
let byName (terms: Term list) : Map<string, float[]> = Map [ for term in terms -> term.Name, values term ]

/// Of one term.
let named (name: string) (terms: Term list) : float[] = terms |> List.find (fun term -> term.Name = name) |> values

/// The sum of all for each example, unweighted.
let total (terms: Term list) : float[] = each terms |> List.reduce (Array.map2 (+))
