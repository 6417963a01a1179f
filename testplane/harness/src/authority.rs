//! One certificate authority for each cluster, and whom it vouches for.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose,
};

/// A certificate authority with a P-256 key.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, both as PEM.
#[derive(Clone, Debug)]
pub struct Identity {
    /// the certificate
    pub certificate: String,
    /// its private key, PKCS#8
    pub key: String,
}

impl Authority {
    /// A new authority.
    ///
    /// # Errors
    /// What the library said.
    pub fn new(name: &str) -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = named(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// Its own certificate, as PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server under these names and addresses.
    ///
    /// # Errors
    /// What the library said; a name that is none.
    pub fn server(&self, names: &[&str]) -> Result<Identity, rcgen::Error> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let params = CertificateParams::new(names)?;
        self.sign(params, named("server", &[]), ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A client: to an API server, a user of these groups.
    ///
    /// # Errors
    /// What the library said.
    pub fn client(&self, user: &str, groups: &[&str]) -> Result<Identity, rcgen::Error> {
        let params = CertificateParams::new(Vec::new())?;
        self.sign(params, named(user, groups), ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        name: DistinguishedName,
        usage: ExtendedKeyUsagePurpose,
    ) -> Result<Identity, rcgen::Error> {
        let key = KeyPair::generate()?;
        params.distinguished_name = name;
        params.extended_key_usages = vec![usage];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        Ok(Identity { certificate: params.signed_by(&key, &self.0)?.pem(), key: key.serialize_pem() })
    }
}

/// rcgen keeps one value for each attribute, so of several groups the last would stand alone.
fn named(user: &str, groups: &[&str]) -> DistinguishedName {
    assert!(groups.len() <= 1, "a certificate of this harness carries one group");
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, user);
    for &group in groups {
        name.push(DnType::OrganizationName, group);
    }
    name
}
