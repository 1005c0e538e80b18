namespace Terrace.Poststratification;

/// <summary>
/// Expected outcomes of the cells of a population under each of a number of draws of a model's parameters, made on demand and tile by tile so that cells × draws numbers never
/// exist at once. Different threads may ask at the same time.
/// </summary>
public interface ICellPredictions
{
    /// <summary>The number of cells.</summary>
    int Cells { get; }

    /// <summary>The number of draws.</summary>
    int Draws { get; }

    /// <summary>Writes the expected outcome of cells <paramref name="firstCell"/> onwards, as many as <paramref name="means"/> takes, under one draw.</summary>
    void Predict(int draw, int firstCell, Span<double> means);
}
