/// Ten colours that colour-blind readers tell apart and that read on white and on black.
/// M. A. Petroff, "Accessible color sequences for data visualization", arXiv:2107.02270 (2021), ten-colour sequence.
module internal Vae.Plots.Palette

let private colours = [|
    "#3f90da"
    "#ffa90e"
    "#bd1f01"
    "#94a4a2"
    "#832db6"
    "#a96b59"
    "#e76300"
    "#b9ac70"
    "#717581"
    "#92dadd"
|]

/// The colour of a class; beyond ten classes the colours come again.
let ofClass (index: int) = colours[index % colours.Length]

/// Of the lines drawn over a cloud: the same contrast to white as to black.
let overlay = "#808080"

/// So many colours from blue to orange, for classes that have an order.
let ordered (count: int) (index: int) : string =
    let from, until = [| 0x3f; 0x90; 0xda |], [| 0xff; 0xa9; 0x0e |]
    let share = if count < 2 then 0.0 else float index / float (count - 1)

    Array.map2 (fun a b -> a + int (System.Math.Round(share * float (b - a)))) from until
    |> Array.map (fun part -> part.ToString "x2")
    |> String.concat ""
    |> (+) "#"
