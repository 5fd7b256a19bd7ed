/// The formula language of differentiation.csv, parsed and evaluated on float64 tensors through `Diff`.
module Vae.Core.Tests.Differentiation.Formula

open System
open System.Globalization
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks

type Expression =
    | Number of float
    | Name of string
    | Vector of Expression list
    | Binary of char * Expression * Expression
    | Negative of Expression
    | Lambda of string * Expression
    /// sin(x), and grad(f)(x)(v) one argument at a time.
    | Apply of Expression * Expression

/// expression := name '->' expression | terms;  '^' binds tighter than a minus sign, which binds tighter than '*'.
type private Parser(text: string) =
    let mutable at = 0

    let rec skip () =
        if at < text.Length && text[at] = ' ' then
            at <- at + 1
            skip ()

    let peek () =
        skip ()
        if at < text.Length then text[at] else '\000'

    let take () =
        let c = peek ()
        at <- at + 1
        c

    let expect c =
        let found = take ()

        if found <> c then
            failwith $"expected '%c{c}' at %d{at - 1} of %s{text}, found '%c{found}'"

    let span (accepts: char -> bool) =
        skip ()
        let start = at

        while at < text.Length && accepts text[at] do
            at <- at + 1

        text[start .. at - 1]

    member private this.LeftAssociative operators (next: unit -> Expression) =
        let mutable left = next ()

        while List.contains (peek ()) operators do
            left <- Binary(take (), left, next ())

        left

    member this.Expression() : Expression =
        let start = at
        let name = span Char.IsLetter

        if name <> "" && peek () = '-' && at + 1 < text.Length && text[at + 1] = '>' then
            at <- at + 2
            Lambda(name, this.Expression())
        else
            at <- start
            this.LeftAssociative [ '+'; '-' ] this.Term

    member private this.Term() = this.LeftAssociative [ '*'; '/' ] this.Factor

    member private this.Factor() =
        match peek () with
        | '-' ->
            expect '-'
            Negative(this.Factor())
        | _ ->
            let basis = this.Application()

            if peek () = '^' then
                expect '^'
                Binary('^', basis, this.Factor())
            else
                basis

    member private this.Application() =
        let mutable applied = this.Atom()

        while peek () = '(' do
            applied <- Apply(applied, this.Atom())

        applied

    member private this.Atom() =
        match peek () with
        | '(' ->
            expect '('
            let inner = this.Expression()
            expect ')'
            inner
        | '[' ->
            expect '['
            let entries = ResizeArray [ this.Expression() ]

            while peek () = ';' do
                expect ';'
                entries.Add(this.Expression())

            expect ']'
            Vector(List.ofSeq entries)
        | c when Char.IsDigit c ->
            Number(Double.Parse(span (fun c -> Char.IsDigit c || c = '.'), CultureInfo.InvariantCulture))
        | c when Char.IsLetter c -> Name(span Char.IsLetterOrDigit)
        | c -> failwith $"unexpected '%c{c}' at %d{at} of %s{text}"

    member _.Finished = peek () = '\000'

let parse (text: string) =
    let parser = Parser text
    let expression = parser.Expression()

    if not parser.Finished then
        failwith $"the end of %s{text} is not understood"

    expression

type Value =
    | Tensor of Tensor
    | Function of (Value -> Value)

let asTensor value =
    match value with
    | Tensor t -> t
    | Function _ -> failwith "a function where a tensor was expected"

/// A function of tensors from one of values.
let asFunction value =
    match value with
    | Function f -> fun x -> f (Tensor x) |> asTensor
    | Tensor _ -> failwith "a tensor where a function was expected"

let private elementary name : (Tensor -> Tensor) option =
    match name with
    | "exp" -> Some _.exp()
    | "log" -> Some _.log()
    | "sin" -> Some _.sin()
    | "cos" -> Some _.cos()
    | "tan" -> Some _.tan()
    | "tanh" -> Some _.tanh()
    | "sinh" -> Some _.sinh()
    | "cosh" -> Some _.cosh()
    | "asin" -> Some _.asin()
    | "acos" -> Some _.acos()
    | "atan" -> Some _.atan()
    | "sqrt" -> Some _.sqrt()
    | "abs" -> Some _.abs()
    | "relu" -> Some _.relu()
    | "sigmoid" -> Some _.sigmoid()
    // From the threshold on torch takes x itself, with second derivative 0; its own threshold is 20.
    | "softplus" -> Some(fun x -> torch.nn.functional.softplus (x, threshold = 500.0))
    | "sum" -> Some _.sum()
    | _ -> None

/// The operators that may stand inside a formula, without and with a direction.
let private operator name : ((Tensor -> Tensor) -> Tensor -> Tensor) option =
    match name with
    | "diff" -> Some Diff.diff
    | "diff2" -> Some Diff.diff2
    | "diffn3" -> Some(Diff.diffn 3)
    | "diffn4" -> Some(Diff.diffn 4)
    | "grad" -> Some Diff.grad
    | "laplacian" -> Some Diff.laplacian
    | "jacobian" -> Some Diff.jacobian
    | "curl" -> Some Diff.curl
    | "divergence" -> Some Diff.divergence
    | _ -> None

let private directional name : ((Tensor -> Tensor) -> Tensor -> Tensor -> Tensor) option =
    match name with
    | "gradv" -> Some Diff.gradv
    | "jacobianv" -> Some Diff.jacobianv
    | _ -> None

/// The terms of a sum of exponentials, if that is what it is.
let rec private exponents expression =
    match expression with
    | Binary('+', a, b) -> Option.map2 (@) (exponents a) (exponents b)
    | Apply(Name "exp", a) -> Some [ a ]
    | _ -> None

let rec evaluate (names: Map<string, Value>) expression : Value =
    let tensor e = evaluate names e |> asTensor

    match expression with
    | Number x -> Tensor(scalar x)
    | Vector entries -> entries |> Seq.map tensor |> torch.stack |> Tensor
    | Negative a -> Tensor((tensor a).neg())
    | Binary(op, a, b) ->
        let a, b = tensor a, tensor b

        match op with
        | '+' -> a.add b
        | '-' -> a.sub b
        | '*' -> a.mul b
        | '/' -> a.div b
        | _ -> a.pow b
        |> Tensor
    | Lambda(name, body) -> Function(fun x -> evaluate (Map.add name x names) body)
    // The golden values are those of log-sum-exp: as written the formula overflows at 1000.
    | Apply(Name "log", Exponentials exponents) ->
        let exponents = exponents |> Seq.map tensor |> torch.stack
        Tensor(exponents.logsumexp 0L)
    | Apply(f, a) ->
        match evaluate names f with
        | Function f -> f (evaluate names a)
        | Tensor _ -> failwith "a tensor is applied to an argument"
    | Name name when names.ContainsKey name -> names[name]
    | Name name ->
        match elementary name, operator name, directional name with
        | Some f, _, _ -> Function(asTensor >> f >> Tensor)
        | _, Some d, _ -> Function(fun f -> Function(asTensor >> d (asFunction f) >> Tensor))
        | _, _, Some d ->
            Function(fun f -> Function(fun x -> Function(asTensor >> d (asFunction f) (asTensor x) >> Tensor)))
        | _ ->
            // x0 is an entry of x.
            let vector = asTensor names[name.TrimEnd([| '0' .. '9' |])]
            Tensor(vector.select (0L, Int64.Parse(name.TrimStart([| 'a' .. 'z' |]))))

and private (|Exponentials|_|) expression = exponents expression |> Option.filter (fun terms -> terms.Length > 1)
