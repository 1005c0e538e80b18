using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Terrace.Benchmarks -- --filter '*Cholesky*' (add --job short for a quick look)
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
