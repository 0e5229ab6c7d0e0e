//! Bytes of a snapshot, and texts that pass for codes.

use crate::Failure;
use crate::catalogue::{code_text, folded, no_patterns, snapshot};
use promo_edge::snapshot::{HashKey, Snapshot};

/// Builds a snapshot, finds every code in it, and looks up so many texts that are none.
pub fn measure(code_count: u64, probe_count: u64) -> Result<(), Failure> {
    let built = snapshot(code_count, &[], no_patterns);
    let opened = Snapshot::open(&built.manifest, HashKey::PUBLIC)?;
    let count_found = |serials: std::ops::Range<u64>| -> Result<u64, Failure> {
        let mut found = 0;
        for serial in serials {
            opened.find_exact(&folded(&code_text(serial)), &built.shards, |_| found += 1)?;
        }
        Ok(found)
    };
    let found = count_found(0..code_count)?;
    let false_accepts = count_found(code_count..code_count + probe_count)?;
    let bytes = built.manifest.len() + built.shards.iter().map(Vec::len).sum::<usize>();
    let fingerprint_bits = opened.segments().first().map_or(0, |segment| segment.fingerprint_bits);
    println!(
        "{{\"codes\":{code_count},\"found\":{found},\"bytes\":{bytes},\"shards\":{},\
         \"fingerprintBits\":{fingerprint_bits},\"probes\":{probe_count},\
         \"falseAccepts\":{false_accepts},\"peakBytes\":{}}}",
        built.shards.len(),
        peak_bytes().map_or("null".to_owned(), |bytes| bytes.to_string()),
    );
    Ok(())
}

/// Most memory that this process has had, where the system says.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
