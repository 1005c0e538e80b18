using Terrace.PosteriorDb;

// dotnet run -c Release --project bench/posteriordb -- CHECKOUT gradients|references [NAME…]
// gradients: every posterior compiles, evaluates, and its gradient agrees with central differences.
// references: every reference posterior is sampled and compared, mean and sd of each parameter, in units of the combined Monte Carlo error.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: CHECKOUT gradients|references [NAME…]");
    return 2;
}
Posterior[] posteriors = [.. Posterior.All(args[0]).Where(posterior => args.Length == 2 || args.Skip(2).Contains(posterior.Name))];
return args[1] == "references" ? References.Run(posteriors) : Gradients.Run(posteriors);
