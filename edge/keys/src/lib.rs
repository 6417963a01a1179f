//! Keys of this installation, in files of mode 0600
