using Terrace.NonlinearModels.SelfStarting;

namespace Terrace.NonlinearModels;

/// <summary>The self-starting mean functions, named and parametrised as R's.</summary>
public static class SelfStartingFunctions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SelfStartingFunction> All { get; } =
    [
        new SSasymp(), new SSasympOff(), new SSasympOrig(), new SSbiexp(), new SSfol(), new SSfpl(), new SSgompertz(), new SSlogis(), new SSmicmen(), new SSweibull(),
    ];

    /// <summary>The function of a name, or null.</summary>
    public static SelfStartingFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);
}
