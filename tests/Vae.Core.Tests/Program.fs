module Vae.Core.Tests.Program

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// A function, so that a child process makes no tests. One after another: tests write sums as TorchSharp has them, whose
/// scalars nothing holds, and what one test allocates could have those of another collected.
let private tests () =
    testSequenced
    <| testList "Vae.Core" [
        testList "Native" [ ElfTests.tests; PrivateCopyTests.tests; NativeTests.tests ]
        testList "Random" [ KeyTests.tests ]
        testList "Special" [
            Special.ElementaryTests.tests
            Special.NormalTailTests.tests
            Special.LogGammaTests.tests
            Special.InvertTests.tests
            Special.IncompleteGammaTests.tests
            Special.EndsTests.tests
            Special.IncompleteBetaTests.tests
            Special.VonMisesCdfTests.tests
            Special.LogBesselTests.tests
            Special.ElementwiseTests.tests
        ]
        testList "Differentiation" [
            Differentiation.GoldenTests.tests
            Differentiation.PropertyTests.tests
            Differentiation.LevelTests.tests
            Differentiation.DiffTests.tests
        ]
        testList "Transforms" [
            Transforms.TransformTests.tests
            Transforms.InverseTests.tests
            Transforms.TailTests.tests
            Transforms.FlowTests.tests
        ]
        testList "Testing" [ Testing.KitTests.tests ]
        testList "Distributions" [
            EveryLawTests.tests ()
            EdgeTests.tests ()
            DefaultsTests.tests
            TruncatedTests.tests ()
            FirstLawTests.tests
            LocationScaleTests.tests
            PositiveTests.tests
            UnitIntervalTests.tests
            DirectionalTests.tests
            MatrixLawTests.tests
            CountTests.tests
            LogOddsTests.tests
            CovarianceTests.tests
            CombinatorTests.tests
            ZeroInflatedTests.tests
            DiscretizedLogisticMixtureTests.tests
            LawTextTests.tests
            ReparameterizedTests.tests
        ]
        testList "Divergences" [
            EveryRuleTests.tests ()
            KlTests.tests
            PositiveKlTests.tests
            CountKlTests.tests
            LocationScaleKlTests.tests
            CrossRulesTests.tests
            DiscrepancyTests.tests
            Wasserstein2Tests.tests
            MmdTests.tests
            MmdErrorTests.tests
            CertainOutcomeTests.tests
            TailShapeTests.tests
            RelaxedBernoulliKlTests.tests
            MixtureKlTests.tests
        ]
        testList "Memory" [ Memory.LawMemoryTests.tests (); Memory.DivergenceMemoryTests.tests () ]
        testList "Kernels" [
            Kernels.TileTests.tests
            Kernels.SquareTests.tests
            Kernels.TeamTests.tests
            Kernels.BlocksTests.tests
        ]
        testList "Networks" [
            NetTests.tests
            ArchitecturesTests.tests
            ParamsTests.tests
            Networks.Fused.FusedNetTests.tests
        ]
        RecipeTests.tests
        testList "Models" [
            VaeTests.tests
            HeadTests.tests
            LikelihoodTests.tests
            SitesTests.tests
            FamiliesTests.tests
            InitialTests.tests
            MissingTests.tests
            ExpertsTests.tests
            KnownTests.tests
            QuantizedTests.tests
        ]
        testList "Data" [
            Data.StoredValuesTests.tests
            Data.FingerprintTests.tests
            Data.DataTests.tests
            Data.IdxFormatTests.tests
            Data.IdxTests.tests
            Data.ImageFolderTests.tests
            Data.DownloadTests.tests
            Data.MnistTests.tests
            Data.PenTests.tests
            Data.GlyphsTests.tests
            Data.DigitsTests.tests
        ]
        testList "Objectives" [
            FitTests.tests
            ObjectiveTests.tests
            DrawsTests.tests
            WeightsTests.tests
            ImportanceTests.tests
            BatchTermsTests.tests
            MadeOfOthersTests.tests
            AdviceTests.tests
            StudyTests.tests
            GoldenTrajectoryTests.tests
        ]
        testList "Training" [
            Consumers.TrainingLogTests.tests
            Consumers.TensorBoardTests.tests
            AdamTests.tests
            OptimizerTests.tests
            PrecisionTests.tests
            ScheduleTests.tests
            StepsTests.tests
            TrainingTests.tests
            GuardTests.tests
            PlateauTests.tests
            AverageTests.tests
            AccumulateTests.tests
        ]
        testList "Storage" [
            Storage.StoredFileTests.tests
            Storage.SafetensorsTests.tests
            Storage.ModelFileTests.tests
            Storage.SavedTests.tests
            Storage.ChecksumTests.tests
            Storage.BoundedTests.tests
            Storage.CheckpointTests.tests
            Storage.CultureTests.tests
        ]
        Fuzzing.FuzzTests.tests
        testList "Evaluation" [
            ImportanceSamplingTests.tests
            EvaluationTests.tests
            ScoresTests.tests
            ManyExamplesTests.tests
        ]
        testList "Devices" [
            Devices.SecondDeviceTests.tests
            Devices.LawDeviceTests.tests ()
            Devices.CombinatorDeviceTests.tests
            Devices.RuleDeviceTests.tests ()
            Devices.TransformDeviceTests.tests
            Devices.ModelDeviceTests.tests
        ]
        testList "Threads" [
            Threads.NativeArgumentsTests.tests
            Threads.LifetimeTests.tests ()
            Threads.DisposedTests.tests ()
            Threads.StressTests.tests
        ]
        testList "Parallel" [ Parallel.RowsTests.tests; Parallel.ExchangeTests.tests; Parallel.MpiTests.tests ]
    ]

let private run argv =
    Native.load ()
    // As many as there are cores on the smallest machine that runs them.
    torch.set_num_threads 2

    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv (tests ())
    else
        runTestsWithCLIArgs [] argv (tests ())

/// What the process is asked to be, where a test started it as a child.
let private asChild argv =
    match argv with
    | [| "--kl-precision" |] ->
        Native.load ()
        EveryRuleTests.precisionLines () |> List.iter (printfn "%s")
        Some 0
    | [| "--mutants"; lists |] -> Some(Testing.MutantWorker.run lists tests)
    | [| "--child"; name |] ->
        Native.load ()
        Some(Differentiation.ChildCases.run name)
    | _ ->
        NativeTests.child argv
        |> Option.orElseWith (fun () -> Fuzzing.FuzzTests.command argv)
        |> Option.orElseWith (fun () -> Storage.StoredFileTests.child argv)
        |> Option.orElseWith (fun () -> Parallel.MpiChildren.child argv)
        |> Option.orElseWith (fun () -> Threads.Stress.child argv)

[<EntryPoint>]
let main argv = asChild argv |> Option.defaultWith (fun () -> run argv)
