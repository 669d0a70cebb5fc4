import "react";

declare module "react" {
  interface CSSProperties {
    /** Hue in degrees of a monogram's tint. */
    "--hue"?: number;
  }
}
