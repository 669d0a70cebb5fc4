// Package eval measures the battle engine: on simulated evenings of New Eden of which
// the truth is known, and on real days of which two readers labelled a part; against
// the rules of the tools that came before it, told again from what they publish
// about themselves. Command eval/cmd writes the outcome into docs/battle-engine.md.
package eval
