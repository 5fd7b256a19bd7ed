namespace Vae.Core

open System
open System.Reflection
open FSharp.Reflection
open TorchSharp

/// A torch tensor. Laws, networks and objectives are functions of these.
type Tensor = torch.Tensor

/// Where tensors are made: their precision and their device.
type Placement = { DType: torch.ScalarType; Device: torch.Device }

/// The scalars that were made last on a thread. TorchSharp does not keep a scalar alive while native code reads it: one
/// that nothing else holds can be finalized in the middle of the operation that it was made for. These are held until
/// far more have been made than any operation takes; each is an argument of the very next operation, which a test sees to.
[<AbstractClass; Sealed>]
type internal RecentScalars private () =
    [<ThreadStatic; DefaultValue>]
    static val mutable private recent: Scalar[]

    [<ThreadStatic; DefaultValue>]
    static val mutable private next: int

    static member Make(value: float) : Scalar =
        if isNull (box RecentScalars.recent) then
            RecentScalars.recent <- Array.zeroCreate 256

        let scalar = value.ToScalar()
        RecentScalars.recent[RecentScalars.next] <- scalar
        RecentScalars.next <- (RecentScalars.next + 1) % RecentScalars.recent.Length
        scalar

/// Operations for which TorchSharp would make scalars by itself, with scalars that live until they end.
[<AbstractClass; Sealed>]
type internal Held private () =
    // Every sum has a factor for its second term. A whole number fits tensors of every type.
    static let one = lazy (1).ToScalar()

    /// a + b
    static member Sum(a: Tensor, b: Tensor) : Tensor = a.add (b, one.Value)

    /// t + s
    static member Shifted(t: Tensor, s: float) : Tensor =
        use s = s.ToScalar()
        t.add (s, one.Value)

    /// s t
    static member Scaled(t: Tensor, s: float) : Tensor =
        use s = s.ToScalar()
        t.mul s

    /// t + factor change, in the place of t
    static member Increase(t: Tensor, change: Tensor, factor: float) : unit =
        use factor = factor.ToScalar()
        t.add_ (change, factor) |> ignore

    /// first, first + step, ... without `last`.
    static member Range(place: Placement, first: int64, last: int64, step: int64) : Tensor =
        use first = first.ToScalar()
        use last = last.ToScalar()
        use step = step.ToScalar()
        torch.arange (first, last, step, dtype = place.DType, device = place.Device)

    /// What is read of a tensor of one element, wherever it is.
    static member Read(t: Tensor, read: Scalar -> 'value) : 'value =
        use scalar = t.ToScalar()
        read scalar

/// Arithmetic of tensors whose scalars are held, and of a number and a tensor, which TorchSharp spells with a Scalar.
[<AutoOpen>]
module internal TensorOperators =
    type Double with
        /// The number as an argument of the operation on a tensor that follows it.
        member value.AsScalar() : Scalar = RecentScalars.Make value

    type torch.Tensor with
        /// t * t. The power that torch's own square is takes a scalar that nothing holds.
        member t.squared() : Tensor = t.mul t

        /// Whether the one element is true.
        member t.isTrue() : bool = Held.Read(t, _.ToBoolean())

        /// The one element as a whole number.
        member t.whole() : int64 = Held.Read(t, _.ToInt64())

    /// s * t
    let (.*) (s: float) (t: Tensor) : Tensor = Held.Scaled(t, s)

    /// s + t
    let (.+) (s: float) (t: Tensor) : Tensor = Held.Shifted(t, s)

    /// a + b. TorchSharp's own sum takes a scalar that nothing holds.
    let (.+.) (a: Tensor) (b: Tensor) : Tensor = Held.Sum(a, b)

/// What native code reads has to live until it returns, whatever the garbage collector thinks of it, and until then nobody
/// may have disposed of it.
[<RequireQualifiedAccess>]
module internal Alive =
    /// What is said of a tensor that was disposed of.
    let disposed (what: string) =
        $"%s{what} was disposed of, by Dispose or with the scope that it was made in: a law and a model compute with the tensors that they were made of"

    /// Refuses a tensor that was disposed of.
    let check (t: Tensor) : unit =
        if t.IsInvalid then
            raise (ObjectDisposedException("tensor", disposed "a tensor"))

    /// Where among what an object of this library holds a disposed tensor is: the path of names to it.
    let rec private tryFind (depth: int) (name: string) (value: obj | null) : string option =
        let flags =
            BindingFlags.Instance
            ||| BindingFlags.Public
            ||| BindingFlags.NonPublic
            ||| BindingFlags.DeclaredOnly

        let rec fields (t: Type | null) =
            match t with
            | null -> Seq.empty
            | t -> Seq.append (t.GetFields flags) (fields t.BaseType)

        match value with
        | :? torch.Tensor as t -> if t.IsInvalid then Some name else None
        | null -> None
        | value when depth = 0 || value.GetType().Assembly <> typeof<Placement>.Assembly -> None
        | value ->
            let isClosure = FSharpType.IsFunction(value.GetType())
            let isLaw = not isClosure && not (FSharpType.IsRecord(value.GetType()))
            let owner = if isLaw then value.GetType().Name else name

            fields (value.GetType())
            |> Seq.tryPick (fun field ->
                let inner = field.Name.TrimEnd('@')
                tryFind (depth - 1) (if isClosure then inner else $"%s{owner}.%s{inner}") (field.GetValue value))

    /// Whether an error is of a disposed tensor that has no name yet: TorchSharp's own is one.
    let private isOfDisposed (error: InvalidOperationException) =
        match error with
        | :? ObjectDisposedException as known -> known.ObjectName = "tensor"
        | _ -> error.Message.StartsWith("Tensor invalid", StringComparison.Ordinal)

    /// Runs a computation; what it refers to lives until it ends. Raises ObjectDisposedException where something of that was
    /// disposed of.
    let during (compute: unit -> 'result) : 'result =
        try
            let result = compute ()
            GC.KeepAlive compute
            result
        with :? InvalidOperationException as error when isOfDisposed error ->
            let what = tryFind 5 "tensor" (box compute) |> Option.defaultValue "a tensor"
            raise (ObjectDisposedException(what, disposed what))

[<RequireQualifiedAccess>]
module Placement =
    /// The precision and device of a tensor.
    let like (t: Tensor) =
        Alive.check t
        let place = { DType = t.dtype; Device = t.device }
        GC.KeepAlive t
        place

    /// Whether two devices are one: a device without an index is whichever of its kind torch takes.
    let internal isSameDevice (a: torch.Device) (b: torch.Device) =
        a.``type`` = b.``type`` && (a.index = b.index || a.index < 0 || b.index < 0)

    /// Whether tensors on two devices can enter one operation, as torch has it: on one device, or one of them a number,
    /// of no dimensions, on the CPU.
    let internal canMeet (a: torch.Device, aIsNumber: bool) (b: torch.Device, bIsNumber: bool) =
        let isFree (device: torch.Device) isNumber = isNumber && device.``type`` = DeviceType.CPU
        isSameDevice a b || isFree a aIsNumber || isFree b bIsNumber

    // Not torch.CPU: that would load the native libraries.
    let private cpu = torch.Device DeviceType.CPU

    /// 32-bit floats on the CPU: what training uses.
    let float32 = { DType = torch.ScalarType.Float32; Device = cpu }

    /// 64-bit floats on the CPU: what the tests of a formula use.
    let float64 = { DType = torch.ScalarType.Float64; Device = cpu }

/// Tensors from numbers and numbers from tensors.
[<RequireQualifiedAccess>]
module Tensor =
    /// A tensor of a shape from its values, row by row.
    let ofArray (place: Placement) (shape: int64[]) (values: float[]) : Tensor =
        let expected = Array.fold (*) 1L shape

        if expected <> int64 values.Length then
            invalidArg
                (nameof values)
                $"%d{values.Length} values do not fill a tensor of shape %A{shape}: it takes %d{expected}"

        Native.load ()
        use flat = torch.tensor (values, dtype = place.DType, device = place.Device)
        flat.reshape shape

    /// A tensor of no dimensions.
    let scalar (place: Placement) (value: float) : Tensor =
        Native.load ()
        torch.tensor (value, dtype = place.DType, device = place.Device)

    /// What a computation returns, and nothing else that it made: its intermediate tensors live until it ends, whatever
    /// the garbage collector thinks of them (TorchSharp does not keep a tensor alive while native code reads it), and are
    /// disposed there. So does what the computation refers to, such as the law or the point that it is about.
    let scoped (compute: unit -> Tensor) : Tensor =
        use scope = torch.NewDisposeScope()
        scope.MoveToOuter(Alive.during compute)

    /// `scoped` of several results.
    let internal scopedAll (compute: unit -> Tensor[]) : Tensor[] =
        use scope = torch.NewDisposeScope()
        Alive.during compute |> Array.map scope.MoveToOuter

    /// `scoped` where there may be no result.
    let internal scopedOption (compute: unit -> Tensor option) : Tensor option =
        use scope = torch.NewDisposeScope()
        Alive.during compute |> Option.map scope.MoveToOuter

    /// `scoped` of two results.
    let internal scopedPair (compute: unit -> Tensor * Tensor) : Tensor * Tensor =
        use scope = torch.NewDisposeScope()
        let a, b = Alive.during compute
        scope.MoveToOuter a, scope.MoveToOuter b

    /// What is computed where it is first asked for and then kept: it belongs to the scope that is open now, not to the one
    /// that it is asked for in, with everything that it is made of.
    let internal later (compute: unit -> 'result) : Lazy<'result> =
        let owner = torch.CurrentDisposeScope

        lazy
            (if obj.ReferenceEquals(owner, torch.CurrentDisposeScope) then
                 compute ()
             else
                 use scope = torch.NewDisposeScope()
                 let result = Alive.during compute
                 let made = Seq.toArray scope.DisposablesView

                 match owner with
                 | null -> scope.Detach made
                 | owner -> scope.MoveToOther(owner, made)

                 result)

    /// Whether a condition holds that is computed as a tensor of one element.
    let internal holds (compute: unit -> Tensor) : bool =
        use _ = torch.NewDisposeScope()
        (Alive.during compute).isTrue()

    /// 0 .. count - 1
    let internal range (place: Placement) (count: int64) : Tensor = Held.Range(place, 0L, count, 1L)

    /// count .. 1
    let internal countdown (place: Placement) (count: int64) : Tensor = Held.Range(place, count, 0L, -1L)

    /// The values, row by row.
    let toArray (t: Tensor) : float[] =
        use _ = torch.NewDisposeScope()
        let flat = t.detach().cpu().to_type(torch.ScalarType.Float64).contiguous()
        let values = if flat.numel () = 0L then [||] else flat.data<float>().ToArray()
        GC.KeepAlive t
        values

    /// The value of a tensor of one element.
    let toFloat (t: Tensor) : float =
        if t.numel () <> 1L then
            invalidArg (nameof t) $"a tensor of shape %A{t.shape} is not one number"

        (toArray t)[0]
