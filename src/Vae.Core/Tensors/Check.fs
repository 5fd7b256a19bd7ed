namespace Vae.Core

open System
open System.Globalization
open TorchSharp

/// Texts that nobody vouches for, such as those of a file, in messages.
[<RequireQualifiedAccess>]
module internal Plain =
    let private steers (c: char) = Char.IsControl c && c <> '\n'

    /// A text without characters that steer a terminal: in their place are their codes, as JSON has them.
    let text (text: string) : string =
        if String.exists steers text then
            text |> String.collect (fun c -> if steers c then $"\\u%04x{int c}" else string c)
        else
            text

    /// The beginning of a text: who made a file does not decide how long a message about it is.
    let short (value: string) : string = if value.Length <= 2000 then text value else $"%s{text value[..1999]} ..."

/// What is refused at the boundary: each refusal names the argument, what was found and what was expected.
[<RequireQualifiedAccess>]
module internal Check =
    let refuse (argument: string) (found: string) (expected: string) : 'a =
        raise (ArgumentException($"%s{argument} is %s{found}; expected %s{expected}", argument))

    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    let shape (dimensions: int64[]) =
        let inside = dimensions |> Array.map string |> String.concat ", "
        $"[%s{inside}]"

    /// Every element satisfies a condition; the first that does not is named.
    let every argument expected (holds: Tensor -> Tensor) (t: Tensor) =
        use _ = torch.NewDisposeScope()
        let satisfied = holds (t.detach ())

        if not (satisfied.all().isTrue()) then
            let offender = t.detach().masked_select(satisfied.logical_not ())[0L]
            let value = Tensor.toFloat offender
            refuse argument $"%s{number value} somewhere in a tensor of shape %s{shape t.shape}" expected

    /// Numbers in a precision: integers and other precisions are converted. Refuses booleans and complex numbers.
    let numbers argument (precision: torch.ScalarType) (t: Tensor) : Tensor =
        if t.dtype = precision then
            t
        elif t.dtype = torch.ScalarType.Bool || t.is_complex () then
            refuse
                argument
                $"a tensor of %A{t.dtype}"
                $"a tensor of numbers; x.to_type(%A{precision}) makes 0 and 1 of booleans"
        else
            t.to_type precision

    let floating argument (t: Tensor) =
        if t.IsInvalid then
            raise (ObjectDisposedException(argument, Alive.disposed argument))

        if not (t.is_floating_point ()) then
            refuse argument $"a tensor of %A{t.dtype}" "a tensor of floating-point numbers"

    let finite argument (t: Tensor) =
        floating argument t
        every argument "finite numbers" _.isfinite() t

    /// Ends of an interval: numbers, infinite ones among them.
    let end' argument (t: Tensor) =
        floating argument t
        every argument "numbers, or an infinity" (fun t -> t.isnan().logical_not()) t

    let positive argument (t: Tensor) =
        floating argument t
        every argument "positive finite numbers" (fun t -> t.gt(0.0.AsScalar()).logical_and(t.isfinite ())) t

    let finiteFloat argument (value: float) =
        if not (Double.IsFinite value) then
            refuse argument (number value) "a finite number"

    /// Every number of a tensor is a whole number, at least the least allowed.
    let whole (least: float) argument (t: Tensor) =
        floating argument t
        let expected = $"whole numbers, at least %s{number least}"

        every
            argument
            expected
            (fun t -> t.ge(least.AsScalar()).logical_and(t.eq (t.floor ())).logical_and(t.isfinite ()))
            t

    let wholeFloat (least: float) argument (value: float) =
        if not (value >= least && Double.IsFinite value && value = floor value) then
            refuse argument (number value) $"a whole number, at least %s{number least}"

    let positiveFloat argument (value: float) =
        if not (value > 0.0 && Double.IsFinite value) then
            refuse argument (number value) "a positive finite number"

    /// A number in [0, 1), such as a decay.
    let fractionFloat argument (value: float) =
        if not (value >= 0.0 && value < 1.0) then
            refuse argument (number value) "a number in [0, 1)"

    let notNegativeFloat argument (value: float) =
        if not (value >= 0.0 && Double.IsFinite value) then
            refuse argument (number value) "a finite number, at least 0"

    let atLeast (least: int) argument (value: int) =
        if value < least then
            refuse argument (string value) $"at least %d{least}"

    /// Two tensors of one precision on one device.
    let together (first: string) (a: Tensor) (second: string) (b: Tensor) =
        if a.dtype <> b.dtype then
            refuse second $"a tensor of %A{b.dtype}" $"%A{a.dtype}, as %s{first} is"

        if a.device.ToString() <> b.device.ToString() then
            refuse second $"on %O{b.device}" $"on %O{a.device}, as %s{first} is"

    /// A vector for each member of a batch; its length.
    let vectors argument (t: Tensor) : int64 =
        floating argument t

        if t.dim () < 1L then
            refuse argument "a single number" "a vector for each law of the batch, of shape [batch..., k]"

        Array.last t.shape

    /// Square matrices of k rows, [batch..., k, k].
    let square argument (k: int64) (t: Tensor) =
        floating argument t
        let last = Array.skip (max 0 (t.shape.Length - 2)) t.shape

        if last <> [| k; k |] then
            refuse argument $"of shape %s{shape t.shape}" $"[batch..., %d{k}, %d{k}]"

    /// Lower triangular matrices of k rows with a positive diagonal, [batch..., k, k].
    let choleskyFactor argument (k: int64) (t: Tensor) =
        finite argument t
        square argument k t
        use _ = torch.NewDisposeScope()
        every argument "0 above the diagonal (a lower triangular factor)" _.eq(0.0.AsScalar()) (t.triu 1L)
        positive $"the diagonal of %s{argument}" (t.diagonal (dim1 = -2L, dim2 = -1L))

/// Arithmetic of shapes.
[<RequireQualifiedAccess>]
module internal Shape =
    let size (shape: int64[]) = Array.fold (*) 1L shape

    /// A shape of sizes, each at least 1.
    let ofSizes argument (sizes: int list) : int64[] =
        if sizes |> List.exists (fun n -> n < 1) then
            Check.refuse argument $"%A{sizes}" "sizes of at least 1"

        sizes |> List.map int64 |> List.toArray

    /// Whether there are more numbers than places that Int32 counts, however large the dimensions.
    let isHuge (shape: int64[]) = shape |> Array.fold (fun n d -> n * bigint d) 1I > bigint Int32.MaxValue

    /// A tensor's shape: reading it is a native call, which TorchSharp keeps nothing alive for.
    let ofTensor (t: Tensor) : int64[] =
        Alive.check t
        let shape = t.shape
        GC.KeepAlive t
        shape

    /// The shape two shapes broadcast to, by the rule of numpy and torch.
    let broadcast (firstName: string) (a: int64[]) (secondName: string) (b: int64[]) =
        let rank = max a.Length b.Length
        let padded (s: int64[]) = Array.append (Array.create (rank - s.Length) 1L) s

        (padded a, padded b)
        ||> Array.map2 (fun m n ->
            if m = n || n = 1L then
                m
            elif m = 1L then
                n
            else
                Check.refuse
                    secondName
                    $"of shape %s{Check.shape b}"
                    $"one that broadcasts with %s{firstName}'s shape %s{Check.shape a}")

    /// The shape without its last n dimensions, and those n.
    let splitLast n (shape: int64[]) = Array.splitAt (shape.Length - n) shape

    /// Where things of these sizes begin that stand one after the other.
    let starts (sizes: int64 list) : int64 list = sizes |> List.scan (+) 0L |> List.truncate sizes.Length

    /// A tensor with n more dimensions of size 1 after its last: what broadcasts with events of n dimensions.
    let besideEvents (n: int) (t: Tensor) : Tensor = t.reshape (Array.append t.shape (Array.create n 1L))

    /// Whether all is true over a tensor's last n dimensions.
    let allLast (n: int) (t: Tensor) : Tensor = if n = 0 then t else t.flatten(int64 (-n), -1L).all(-1L)

    /// A tensor's last n dimensions summed.
    let sumLast (n: int) (t: Tensor) : Tensor = if n = 0 then t else t.sum (Array.init n (fun i -> int64 (i - n)))
