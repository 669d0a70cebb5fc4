package sde

import "testing"

// BenchmarkLoad measures what the first Load costs a starting process.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(embedded)), "file-bytes")
}

func BenchmarkType(b *testing.B) {
	data, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		data.Type(587)
	}
}
