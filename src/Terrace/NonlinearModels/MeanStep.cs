namespace Terrace.NonlinearModels;

/// <summary>One step of a mean function's evaluation: its value from those of earlier steps, and its derivatives from theirs.</summary>
internal abstract record MeanStep
{
    /// <summary>Whether the value depends on a parameter, so that it has derivatives.</summary>
    public abstract bool Depends { get; }

    /// <summary>A number, the same for all rows.</summary>
    public sealed record Constant(double Value) : MeanStep
    {
        public override bool Depends => false;
    }

    /// <summary>An input of the row.</summary>
    public sealed record Input(int Index) : MeanStep
    {
        public override bool Depends => false;
    }

    /// <summary>A parameter.</summary>
    public sealed record Parameter(int Index) : MeanStep
    {
        public override bool Depends => true;
    }

    /// <summary>Left operator right.</summary>
    public sealed record Operation(char Operator, int Left, int Right, bool LeftDepends, bool RightDepends) : MeanStep
    {
        public override bool Depends => LeftDepends || RightDepends;
    }

    /// <summary>A function of one earlier value.</summary>
    public sealed record Function(DifferentiableFunction Of, int Argument, bool ArgumentDepends) : MeanStep
    {
        public override bool Depends => ArgumentDepends;
    }

    /// <summary>A mean function called by its name.</summary>
    public sealed record Call(MeanFunction Of, int[] Inputs, int[] Parameters, bool[] ParameterDepends) : MeanStep
    {
        public override bool Depends => ParameterDepends.Contains(true);
    }
}
