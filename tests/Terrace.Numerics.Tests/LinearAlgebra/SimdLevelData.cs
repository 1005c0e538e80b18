using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

/// <summary>Every instruction level that this machine runs, so that each path is forced.</summary>
public sealed class SimdLevelData : TheoryData<SimdLevel>
{
    public SimdLevelData()
    {
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            if (SimdSupport.Runs(level)) Add(level);
        }
    }
}
