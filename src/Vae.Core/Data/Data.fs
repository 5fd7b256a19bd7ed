namespace Vae.Core

open System
open System.Runtime.InteropServices
open TorchSharp

/// An immutable set of items of one shape, with their labels and true factors where these are known.
[<NoComparison; ReferenceEquality>]
type Data = private {
    name: string
    count: int
    itemShape: int64[]
    values: StoredValues
    /// One for each item, or none.
    labels: ReadOnlyMemory<int>
    factorNames: string[]
    /// Row by row, one row for each item.
    factors: ReadOnlyMemory<float>
} with

    /// What the set is called: a word fit for a file name.
    member data.Name = data.name

    /// The number of items, at least 1.
    member data.Count = data.count

    /// The shape of one item, such as [1; 28; 28]: channels, rows, columns. A copy.
    member data.ItemShape = Array.copy data.itemShape

    /// What a stored byte is divided by: 255 for grey levels, 1 for pixels of 0 and 1. It is 1 for values stored as floats.
    member data.Scale =
        match data.values with
        | Bytes(_, scale) -> scale
        | Floats _
        | Filed _ -> 1.0

    /// Whether the items have labels.
    member data.HasLabels = not data.labels.IsEmpty

    /// The label of each item, -1 where it is not known; empty where none is. A copy: take it once, outside loops.
    member data.Labels = data.labels.ToArray()

    /// The names of the factors the items were made from; empty where they are not known. A copy.
    member data.FactorNames = Array.copy data.factorNames

    /// The true factors, one row for each item, in the order of FactorNames; empty where they are not known. A copy.
    member data.Factors: float[][] =
        if data.factorNames.Length = 0 then
            [||]
        else
            Array.chunkBySize data.factorNames.Length (data.factors.ToArray())

    override data.ToString() =
        let shape = String.Join(" x ", data.itemShape)
        let labelled = if data.HasLabels then ", labelled" else ""
        $"%s{data.name}: %d{data.count} items of %s{shape}%s{labelled}"

/// Data sets: made from arrays, cut, joined, and read as tensors of shape [n; item shape...].
/// Parts share the memory of the whole and keep its name.
[<RequireQualifiedAccess>]
module Data =
    let private size (data: Data) = int (Array.fold (*) 1L data.itemShape)

    let private describe (shape: int64[]) = String.Join(" x ", shape)

    /// The set under another name.
    let rename (name: string) (data: Data) : Data =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "a data set needs a name"

        { data with name = name }

    /// The set with these labels: one for each item, at least 0, or -1 where it is not known; or none.
    let withLabels (labels: int[]) (data: Data) : Data =
        if labels.Length <> 0 && labels.Length <> data.count then
            invalidArg
                (nameof labels)
                $"there are %d{labels.Length} labels for %d{data.count} items: give one each or none"

        match labels |> Array.tryFindIndex (fun label -> label < -1) with
        | Some i ->
            invalidArg
                (nameof labels)
                $"the label of item %d{i} is %d{labels[i]}: labels are at least 0, or -1 where they are not known"
        | None -> { data with labels = ReadOnlyMemory(Array.copy labels) }

    /// The set without its labels.
    let withoutLabels (data: Data) : Data = withLabels [||] data

    /// The set in which the labels of all but so many items are not known: of each class as many as of another, or one more, the
    /// first of a random order. Refuses a set without labels, and more items than there are of a class.
    let hideLabels (known: int) (key: Key) (data: Data) : Data =
        let labels = data.Labels
        let classes = labels |> Array.filter (fun label -> label >= 0) |> Array.distinct |> Array.sort

        if classes.Length = 0 then
            invalidArg (nameof data) $"the items have no labels: %O{data}"

        if known < 0 then
            invalidArg (nameof known) $"%d{known} labels: at least 0 are known"

        let order = Key.permutation data.count key

        let kept =
            classes
            |> Array.mapi (fun i label ->
                let share = known / classes.Length + (if i < known % classes.Length then 1 else 0)
                let ofClass = order |> Array.filter (fun item -> labels[item] = label)

                if ofClass.Length < share then
                    invalidArg
                        (nameof known)
                        $"%d{known} labels are %d{share} of class %d{label}, of which there are %d{ofClass.Length}"

                Array.truncate share ofClass)
            |> Array.concat
            |> System.Collections.Generic.HashSet

        withLabels (labels |> Array.mapi (fun i label -> if kept.Contains i then label else -1)) data

    /// The set with the true factors its items were made from: one row for each item, one column for each name.
    let withFactors (names: string[]) (rows: float[][]) (data: Data) : Data =
        if names.Length = 0 || (Array.distinct names).Length <> names.Length then
            invalidArg (nameof names) $"the factor names are %A{names}: they are distinct, and at least one"

        if rows.Length <> data.count then
            invalidArg (nameof rows) $"there are %d{rows.Length} rows of factors for %d{data.count} items"

        match rows |> Array.tryFindIndex (fun row -> row.Length <> names.Length) with
        | Some i -> invalidArg (nameof rows) $"row %d{i} has %d{rows[i].Length} factors for %d{names.Length} names"
        | None -> {
            data with
                factorNames = Array.copy names
                factors = ReadOnlyMemory(Array.concat rows)
          }

    /// A set of whole items, at least one.
    let private make name (itemShape: int64[]) labels (values: StoredValues) =
        if itemShape |> Array.exists (fun d -> d < 1L) then
            invalidArg (nameof itemShape) $"an item of shape %s{describe itemShape} holds nothing: sizes are at least 1"

        let itemSize = itemShape |> Array.fold (fun product d -> product * bigint d) 1I
        let length = StoredValues.length values

        if length = 0 || bigint length % itemSize <> 0I then
            invalidArg
                (nameof values)
                $"%d{length} values are not a whole number of items of shape %s{describe itemShape}, at least one"

        {
            name = ""
            count = length / int itemSize
            itemShape = Array.copy itemShape
            values = values
            labels = ReadOnlyMemory.Empty
            factorNames = [||]
            factors = ReadOnlyMemory.Empty
        }
        |> rename name
        |> withLabels labels

    /// As `ofBytes`, but keeps the array it is given: the caller gives it away.
    let internal adopt name itemShape (scale: float) labels (bytes: byte[]) : Data =
        if not (scale > 0.0 && Double.IsFinite scale) then
            invalidArg (nameof scale) $"the scale is %g{scale}: it is a finite number above 0"

        if scale < 255.0 then
            match bytes.AsSpan().IndexOfAnyExceptInRange(0uy, byte (floor scale)) with
            | -1 -> ()
            | i ->
                invalidArg (nameof bytes) $"byte %d{i} is %d{bytes[i]}, above the scale %g{scale}: values are in [0, 1]"

        make name itemShape labels (Bytes(ReadOnlyMemory bytes, scale))

    /// A set of values in [0, 1] stored as bytes, item by item, each the byte divided by the scale: 255 for grey levels,
    /// 1 for pixels of 0 and 1. The labels are one for each item, or empty.
    let ofBytes (name: string) (itemShape: int64[]) (scale: float) (labels: int[]) (bytes: byte[]) : Data =
        adopt name itemShape scale labels (Array.copy bytes)

    /// A set of any finite values, item by item. The labels are one for each item, or empty.
    let ofFloats (name: string) (itemShape: int64[]) (labels: int[]) (values: float32[]) : Data =
        match values |> Array.tryFindIndex (Single.IsFinite >> not) with
        | Some i ->
            invalidArg
                (nameof values)
                $"value %d{i} is %g{values[i]}: values are finite; where NaN means that one is missing, Data.ofIncomplete takes them (in C#: FromIncomplete)"
        | None -> make name itemShape labels (Floats(ReadOnlyMemory(Array.copy values)))

    /// A set of values of which some are missing, item by item: those that are NaN. The labels are one for each item, or empty.
    let ofIncomplete (name: string) (itemShape: int64[]) (labels: int[]) (values: float32[]) : Data =
        match values |> Array.tryFindIndex Single.IsInfinity with
        | Some i ->
            invalidArg (nameof values) $"value %d{i} is %g{values[i]}: values are finite, or NaN where they are missing"
        | None ->
            // Whatever bits a NaN had: the set's fingerprint is of what it says.
            let values = values |> Array.map (fun value -> if Single.IsNaN value then Single.NaN else value)
            make name itemShape labels (Floats(ReadOnlyMemory values))

    /// A set of the numbers of a store, item by item: finite ones, and the float32 NaN where one is missing. It is read as long as the
    /// store is not disposed of.
    let internal ofStore (name: string) (itemShape: int64[]) (store: ValueStore) : Data =
        make name itemShape [||] store.Values

    /// Whether no value is missing.
    let isComplete (data: Data) : bool = StoredValues.isComplete data.values

    /// The set in which each value is missing with a probability, whatever it and the others are (missing completely at random):
    /// what there was is known, and imputations can be compared with it.
    let remove (probability: float) (key: Key) (data: Data) : Data =
        if not (probability >= 0.0 && probability < 1.0) then
            invalidArg (nameof probability) $"the probability is %g{probability}: it is at least 0 and less than 1"

        let values =
            StoredValues.toFloats data.values
            |> Array.mapi (fun i value -> if Key.unitAt (int64 i) key < probability then Single.NaN else value)

        { data with values = Floats(ReadOnlyMemory values) }

    let private mapped argument factor (change: float -> float) (data: Data) : Data =
        let values =
            StoredValues.toFloats data.values |> Array.map (fun value -> float32 (change (float value)))

        // What is missing is NaN and stays so.
        match values |> Array.tryFindIndex Single.IsInfinity with
        | Some i -> invalidArg argument $"%g{factor} makes value %d{i} of %O{data} %g{values[i]}: values are finite"
        | None -> { data with values = Floats(ReadOnlyMemory values) }

    /// The set with every value multiplied by a factor, rounded once to float32, and stored as floats:
    /// `Data.scaleBy (1.0 / 255.0)` brings grey levels from 0 to 255 into [0, 1].
    let scaleBy (factor: float) (data: Data) : Data =
        if factor = 0.0 || not (Double.IsFinite factor) then
            invalidArg (nameof factor) $"the factor is %g{factor}: it is finite, and not 0"

        mapped (nameof factor) factor (fun value -> value * factor) data

    /// The set with a number added to every value, rounded once to float32, and stored as floats:
    /// `Data.shiftBy 1.0 >> Data.scaleBy 0.5` brings values from -1 to 1 into [0, 1].
    let shiftBy (offset: float) (data: Data) : Data =
        if not (Double.IsFinite offset) then
            invalidArg (nameof offset) $"the offset is %g{offset}: it is finite"

        mapped (nameof offset) offset (fun value -> value + offset) data

    /// `count` items from item `start` on. Nothing is copied.
    let slice (start: int) (count: int) (data: Data) : Data =
        if start < 0 || count < 1 || start > data.count - count then
            invalidArg (nameof count) $"%d{count} items from item %d{start} on: there are items 0 to %d{data.count - 1}"

        let itemSize, factors = size data, data.factorNames.Length

        {
            data with
                count = count
                values = StoredValues.slice (start * itemSize) (count * itemSize) data.values
                labels = if data.HasLabels then data.labels.Slice(start, count) else data.labels
                factors = data.factors.Slice(start * factors, count * factors)
        }

    /// The first n items.
    let take (n: int) (data: Data) : Data = slice 0 n data

    /// The items of these numbers, in their order: each as often as it is there. They are copied.
    let pick (items: int[]) (data: Data) : Data =
        match items |> Array.tryFind (fun item -> item < 0 || item >= data.count) with
        | Some item -> invalidArg (nameof items) $"there is no item %d{item}: there are items 0 to %d{data.count - 1}"
        | None when items.Length = 0 -> invalidArg (nameof items) "there are none: a set has at least one item"
        | None -> ()

        let width = data.factorNames.Length

        {
            data with
                count = items.Length
                values = StoredValues.pick (size data) items data.values
                labels =
                    if data.HasLabels then
                        ReadOnlyMemory(items |> Array.map (fun item -> data.labels.Span[item]))
                    else
                        data.labels
                factors =
                    items
                    |> Array.collect (fun item -> data.factors.Slice(item * width, width).ToArray())
                    |> ReadOnlyMemory
        }

    /// The items in a random order, every one equally likely.
    let shuffle (key: Key) (data: Data) : Data = pick (Key.permutation data.count key) data

    /// So many items at even distances, in their order, and all where there are no more: a part that is like the whole, whatever
    /// order it is in.
    let thin (count: int) (data: Data) : Data =
        if count < 1 then
            invalidArg (nameof count) $"%d{count} items: a set has at least one"
        elif count >= data.count then
            data
        else
            pick (Array.init count (fun i -> int (int64 i * int64 data.count / int64 count))) data

    /// The first part, of this fraction of the items rounded to a whole number, and the rest. The order is kept.
    let split (fraction: float) (data: Data) : Data * Data =
        if not (fraction > 0.0 && fraction < 1.0) then
            invalidArg (nameof fraction) $"the fraction is %g{fraction}: it lies strictly between 0 and 1"

        let first = int (Math.Round(fraction * float data.count))

        if first = 0 || first = data.count then
            invalidArg (nameof fraction) $"a fraction of %g{fraction} of %d{data.count} items leaves one part empty"

        slice 0 first data, slice first (data.count - first) data

    /// Both sets, one after the other; the items must be of one shape. It is called "a + b".
    /// Labels and factors are kept where both have them (the factors: under the same names).
    let append (a: Data) (b: Data) : Data =
        if a.itemShape <> b.itemShape then
            invalidArg
                (nameof b)
                $"items of shape %s{describe b.itemShape} cannot follow items of shape %s{describe a.itemShape}"

        let length = int64 (StoredValues.length a.values) + int64 (StoredValues.length b.values)

        if length > int64 Array.MaxLength then
            invalidArg
                (nameof b)
                $"%O{b} after %O{a} makes %d{length} values: one set holds at most %d{Array.MaxLength}"

        let joined kept (first: ReadOnlyMemory<'t>) (second: ReadOnlyMemory<'t>) : ReadOnlyMemory<'t> =
            if kept then
                ReadOnlyMemory(Array.append (first.ToArray()) (second.ToArray()))
            else
                ReadOnlyMemory.Empty

        let sameFactors = a.factorNames = b.factorNames

        {
            name = $"%s{a.name} + %s{b.name}"
            count = a.count + b.count
            itemShape = a.itemShape
            values = StoredValues.append a.values b.values
            labels = joined (a.HasLabels && b.HasLabels) a.labels b.labels
            factorNames = if sameFactors then a.factorNames else [||]
            factors = joined sameFactors a.factors b.factors
        }

    let private check (i: int) (data: Data) =
        if i < 0 || i >= data.count then
            invalidArg (nameof i) $"there is no item %d{i}: there are items 0 to %d{data.count - 1}"

    /// The values of item i, row by row; NaN where they are missing.
    let item (i: int) (data: Data) : float32[] =
        check i data
        let values = Array.zeroCreate (size data)
        StoredValues.decode (i * values.Length) (values.AsSpan()) data.values
        values

    /// The label of item i.
    let label (i: int) (data: Data) : int =
        check i data

        if not data.HasLabels then
            invalidArg (nameof data) $"the items have no labels: %O{data}"

        data.labels.Span[i]

    /// The true values of one factor, one for each item.
    let factor (name: string) (data: Data) : float[] =
        match Array.IndexOf(data.factorNames, name) with
        | -1 -> invalidArg (nameof name) $"there is no factor '%s{name}' among %A{data.factorNames}: %O{data}"
        | column -> Array.init data.count (fun i -> data.factors.Span[i * data.factorNames.Length + column])

    /// The items of these indices, in their order, as a tensor of shape [n; item shape...], NaN where values are missing.
    /// The values are the same float32 numbers in every precision.
    let gather (place: Placement) (indices: int[]) (data: Data) : Tensor =
        for i in indices do
            check i data

        let itemSize = size data
        let shape = Array.append [| int64 indices.Length |] data.itemShape
        let tensor = torch.empty (shape, dtype = torch.ScalarType.Float32, device = torch.CPU)
        // Written in place, to keep large arrays off the managed heap; in blocks, as a span holds at most 2 GB.
        let blockSize = max 1 ((1 <<< 28) / itemSize)

        for start in 0..blockSize .. indices.Length - 1 do
            let count = min blockSize (indices.Length - start)
            use block = tensor.narrow (0L, int64 start, int64 count)
            let target = MemoryMarshal.Cast<byte, float32> block.bytes

            for k in 0 .. count - 1 do
                let row = target.Slice(k * itemSize, itemSize)
                StoredValues.decode (indices[start + k] * itemSize) row data.values

        if place.DType = torch.ScalarType.Float32 && place.Device.``type`` = DeviceType.CPU then
            tensor
        else
            use cpu = tensor
            cpu.``to`` (place.DType, place.Device)

    /// `count` items from item `start` on, as a tensor of shape [count; item shape...].
    let range (place: Placement) (start: int) (count: int) (data: Data) : Tensor =
        slice start count data |> gather place (Array.init count id)

    /// All items, as a tensor of shape [Count; item shape...].
    let tensor (place: Placement) (data: Data) : Tensor = range place 0 data.count data

    /// Whether every value is 0 or 1: what a Bernoulli likelihood takes.
    let isBinary (data: Data) : bool = StoredValues.isBinary data.values

    /// The stored bytes, where the values are stored as bytes.
    let internal storedBytes (data: Data) : ReadOnlyMemory<byte> option =
        match data.values with
        | Bytes(bytes, _) -> Some bytes
        | Floats _
        | Filed _ -> None

    /// The SHA-256, in lower-case hexadecimal, of shape, scale, values and labels (what exactly: `Fingerprint`).
    /// Names and factors do not enter.
    let hash (data: Data) : string = Fingerprint.sha256 data.itemShape data.count data.values data.labels
