using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Refits of a linear mixed model: only A'Wy and y'Wy are formed anew, A'WA is shared.</summary>
/// <remarks>The criterion is <see cref="ProfiledDeviance"/> (Bates et al. 2015, equations 34 and 42), by REML or ML as the original fit. Check: RefitTests.</remarks>
internal sealed class LinearRefit : RefitModel
{
    private readonly BlockedCrossProduct _product;
    private readonly RandomTermScaling _coordinates;
    private readonly double[] _start;
    private readonly double[] _diagonal;
    private readonly Matrix? _hessian;

    public LinearRefit(MixedModelFit fit, string purpose) : base(fit, purpose)
    {
        _product = new BlockedCrossProduct(SearchCells.Layout, SearchCells.Pattern, SearchCells.FixedColumns);
        new CrossProductAccumulator(SearchCells).Accumulate(Observations.Weight, [], _product);
        _coordinates = Scaling.IsFar ? Scaling.Identity() : Scaling;
        _start = SearchTheta();
        var space = new Workspace(this);
        space.SetResponse();
        _diagonal = space.CurvatureGuess();
        _coordinates.FromTheta(_start);
        _hessian = HessianAt(space.Evaluate, _start);
    }

    public override RefitWorkspace CreateWorkspace() => new Workspace(this);

    private sealed class Workspace : RefitWorkspace
    {
        private readonly LinearRefit _model;
        private readonly BlockedCrossProduct _product;
        private readonly ProfiledDeviance _deviance;
        private readonly double[] _theta;
        private readonly double[] _products;
        private double[] _centre = [];

        public Workspace(LinearRefit model) : base(model.Observations.ForReplacement())
        {
            _model = model;
            _product = model._product.ForOtherResponse();
            bool reml = model.Fit.Engine == "reml";
            _deviance = new ProfiledDeviance(_product, Observations.WeightedRows, 0, Observations.SumLogWeight, model.Cells.Basis.LogDeterminant, reml);
            _theta = new double[model.Cells.Layout.ThetaCount];
            _products = new double[model.Cells.Coefficients];
        }

        /// <summary>The right side for the current response, centred by its regression on X.</summary>
        public void SetResponse()
        {
            double[] response = LinearMixedModel.Centre(_model.SearchCells, Observations, out _centre);
            double squares = 0;
            for (int i = 0; i < response.Length; i++)
            {
                double weighted = response[i] * Observations.Weight[i];
                squares += weighted * response[i];
                response[i] = weighted;
            }
            _model.SearchCells.TransposedProduct(response, _products);
            _products.CopyTo(_product.RightSide, 0);
            foreach (double within in Observations.WithinSquares) squares += within;
            _product.SumOfSquares = squares;
            _deviance.Reset();
        }

        public double[] CurvatureGuess()
        {
            double[] guess = _deviance.CurvatureGuess(_model.SearchTheta());
            _model._coordinates.ToCurvature(guess);
            return guess;
        }

        /// <summary>The criterion and its gradient in the coordinates of the scaling.</summary>
        public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(_theta);
            _model._coordinates.ToTheta(_theta);
            double value = _deviance.Evaluate(_theta, gradient);
            if (gradient.Length > 0) _model._coordinates.ToGradient(gradient);
            return value;
        }

        public override RefittedModel Fit(CancellationToken cancellation)
        {
            SetResponse();
            if (!(_product.SumOfSquares > 0)) throw new ModelException("The response is constant, or the fixed effects fit it exactly.");
            var search = new VarianceSearch(_model.Cells.Layout, Evaluate, _theta.Length, 500, cancellation) { InitialHessian = _model._hessian, RelativeReduction = RelativeReduction };
            double[] theta = search.Minimize([.. _model._start], _model._diagonal);
            _model._coordinates.ToTheta(theta);
            double criterion = _deviance.Evaluate(theta, []);
            double[] spherical = [.. _deviance.Spherical];
            for (int j = 0; j < _centre.Length; j++) spherical[_model.Cells.Layout.Columns + j] += _centre[j];
            return _model.Result(theta, Math.Sqrt(_deviance.PenalisedSumOfSquares / _deviance.Degrees), spherical, criterion, search);
        }
    }
}
