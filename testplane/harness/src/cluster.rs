//! etcd and kube-apiserver, started and waited for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::KeyPair;

use crate::process::{Process, free_ports};
use crate::{Authority, Identity, Programs, Ran};

/// A busy machine with two cores may take long over what takes an idle one three seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is not as usual about a cluster.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// more flags for kube-apiserver; one that is there already is replaced (`--authorization-mode=...`)
    pub apiserver_flags: Vec<String>,
    /// files to write beside the certificates first: name and text. In the flags and in the texts, `{dir}` is the
    /// folder they are in, which also holds `ca.crt`, `admin.crt`, `admin.key` and `admin.kubeconfig`
    pub files: Vec<(String, String)>,
}

/// A running API server with its store.
pub struct Cluster {
    // ended before etcd: fields drop in order
    apiserver: Process,
    etcd: Process,
    programs: Programs,
    flags: Vec<String>,
    port: u16,
    authority: Authority,
    admin: Identity,
    dir: tempfile::TempDir,
}

/// Why no cluster came up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// files, ports or processes
    #[error("cannot start a cluster: {0}")]
    Io(#[from] io::Error),
    /// certificates
    #[error("cannot make the cluster's certificates: {0}")]
    Certificate(#[from] rcgen::Error),
    /// one of the programs ended, or never became ready
    #[error("{program} {what}; its last words:\n{last_words}")]
    Failed {
        /// which program
        program: &'static str,
        /// what it did
        what: String,
        /// the end of its log
        last_words: String,
    },
}

impl Cluster {
    /// Starts a cluster and waits until it is ready.
    ///
    /// # Errors
    /// What did not come up, with the end of its log.
    pub fn start_with(programs: &Programs, options: &Options) -> Result<Self, StartError> {
        // a port that was free may be taken by the time that it is used: then the other ports are tried
        let mut attempts = 3;
        loop {
            attempts -= 1;
            match Self::try_start(programs, options) {
                Err(StartError::Failed { last_words, .. })
                    if attempts > 0 && last_words.contains("address already in use") => {}
                result => return result,
            }
        }
    }

    fn try_start(programs: &Programs, options: &Options) -> Result<Self, StartError> {
        let dir = tempfile::Builder::new().prefix("testplane-").tempdir()?;
        let [store, peers, port] = free_ports()?;
        let authority = Authority::new("testplane")?;
        let admin = authority.client("admin", &["system:masters"])?;
        write_identities(dir.path(), &authority, &admin, port)?;
        for (name, text) in &options.files {
            fs::write(dir.path().join(name), in_dir(text, dir.path()))?;
        }
        let etcd = Process::start(
            &programs.path("etcd"),
            &etcd_flags(dir.path(), store, peers),
            dir.path().join("etcd.log"),
        )?;
        let flags = apiserver_flags(dir.path(), store, port, &options.apiserver_flags);
        let apiserver = start_apiserver(programs, &flags, dir.path())?;
        let mut cluster =
            Self { apiserver, etcd, programs: programs.clone(), flags, port, authority, admin, dir };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// `https://127.0.0.1:PORT`
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The folder of the cluster's files; gone with the cluster.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A kubeconfig of the administrator, with one context, `testplane`.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.dir.path().join("admin.kubeconfig")
    }

    /// The certificate authority of the cluster, which the API server trusts for clients too.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Its certificate, as PEM.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// The administrator (`O=system:masters`).
    #[must_use]
    pub const fn admin_client_cert(&self) -> &Identity {
        &self.admin
    }

    /// A kubeconfig for somebody else, written into the cluster's folder.
    ///
    /// # Errors
    /// What could not be made or written.
    pub fn kubeconfig_for(&self, user: &str, groups: &[&str]) -> Result<PathBuf, StartError> {
        let identity = self.authority.client(user, groups)?;
        let name: String = user.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let path = self.dir.path().join(format!("{name}.kubeconfig"));
        fs::write(&path, kubeconfig(self.port, &self.ca_pem(), &identity))?;
        Ok(path)
    }

    /// Runs kubectl as the administrator.
    #[must_use]
    pub fn kubectl(&self, arguments: &[&str]) -> Ran {
        self.kubectl_with(&self.kubeconfig(), arguments, "")
    }

    /// `kubectl apply -f -` and the like: with standard input.
    #[must_use]
    pub fn kubectl_stdin(&self, arguments: &[&str], stdin: &str) -> Ran {
        self.kubectl_with(&self.kubeconfig(), arguments, stdin)
    }

    /// Runs kubectl as anybody.
    ///
    /// # Panics
    /// Where kubectl cannot be run at all.
    #[must_use]
    pub fn kubectl_with(&self, kubeconfig: &Path, arguments: &[&str], stdin: &str) -> Ran {
        let mut command = Command::new(self.programs.path("kubectl"));
        command
            .arg("--kubeconfig")
            .arg(kubeconfig)
            .arg("--cache-dir")
            .arg(self.dir.path().join("kubectl"))
            .args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl was found a moment ago");
        let mut pipe = child.stdin.take().expect("its standard input is a pipe");
        let text = stdin.to_owned();
        // kubectl may end without reading all of it
        let writer = std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
        let output = child.wait_with_output().expect("kubectl can be waited for");
        let _ = writer.join();
        Ran {
            command: format!("kubectl {}", arguments.join(" ")),
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The process id of kube-apiserver, for tests that stop it for a while (SIGSTOP).
    #[must_use]
    pub fn apiserver_id(&self) -> u32 {
        self.apiserver.id()
    }

    /// Ends kube-apiserver; the store keeps what it has.
    pub fn stop_apiserver(&mut self) {
        self.apiserver.end();
    }

    /// Ends kube-apiserver where it runs, starts it again on the same port, and waits until it is ready.
    ///
    /// # Errors
    /// What did not come up.
    pub fn restart_apiserver(&mut self) -> Result<(), StartError> {
        self.apiserver.end();
        self.apiserver = start_apiserver(&self.programs, &self.flags, self.dir.path())?;
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<(), StartError> {
        let until = Instant::now() + PATIENCE;
        loop {
            if !self.etcd.is_running() {
                return Err(failed("etcd", "ended", &self.etcd));
            }
            if !self.apiserver.is_running() {
                return Err(failed("kube-apiserver", "ended", &self.apiserver));
            }
            // default also exists only once the server's own start is over
            if self.kubectl(&["get", "--raw", "/readyz", "--request-timeout=2s"]).success
                && self.kubectl(&["get", "namespace", "default", "--request-timeout=2s"]).success
            {
                return Ok(());
            }
            if Instant::now() > until {
                let what = format!("is not ready after {} s", PATIENCE.as_secs());
                return Err(failed("kube-apiserver", &what, &self.apiserver));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn failed(program: &'static str, what: &str, process: &Process) -> StartError {
    StartError::Failed { program, what: what.to_owned(), last_words: process.last_words() }
}

fn start_apiserver(programs: &Programs, flags: &[String], dir: &Path) -> io::Result<Process> {
    Process::start(&programs.path("kube-apiserver"), flags, dir.join("kube-apiserver.log"))
}

fn etcd_flags(dir: &Path, store: u16, peers: u16) -> Vec<String> {
    vec![
        "--unsafe-no-fsync".to_owned(),
        "--log-level=warn".to_owned(),
        format!("--data-dir={}", dir.join("etcd").display()),
        format!("--listen-client-urls=http://127.0.0.1:{store}"),
        format!("--advertise-client-urls=http://127.0.0.1:{store}"),
        format!("--listen-peer-urls=http://127.0.0.1:{peers}"),
    ]
}

fn apiserver_flags(dir: &Path, store: u16, port: u16, more: &[String]) -> Vec<String> {
    let usual = [
        format!("--etcd-servers=http://127.0.0.1:{store}"),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        "--cert-dir={dir}".to_owned(),
        "--tls-cert-file={dir}/server.crt".to_owned(),
        "--tls-private-key-file={dir}/server.key".to_owned(),
        "--client-ca-file={dir}/ca.crt".to_owned(),
        format!("--service-account-issuer=https://127.0.0.1:{port}/"),
        "--service-account-key-file={dir}/sa.pub".to_owned(),
        "--service-account-signing-key-file={dir}/sa.key".to_owned(),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        "--disable-admission-plugins=ServiceAccount".to_owned(),
        "--allow-privileged=true".to_owned(),
        "--authorization-mode=RBAC".to_owned(),
    ];
    let name = |flag: &str| flag.split('=').next().unwrap_or_default().to_owned();
    let replaced = |flag: &String| more.iter().any(|other| name(other) == name(flag));
    usual
        .into_iter()
        .filter(|flag| !replaced(flag))
        .chain(more.to_vec())
        .map(|flag| in_dir(&flag, dir))
        .collect()
}

fn write_identities(
    dir: &Path,
    authority: &Authority,
    admin: &Identity,
    port: u16,
) -> Result<(), StartError> {
    let server = authority.server(&["127.0.0.1", "localhost"])?;
    let accounts = KeyPair::generate()?;
    for (name, text) in [
        ("ca.crt", authority.pem()),
        ("server.crt", server.certificate),
        ("server.key", server.key),
        ("admin.crt", admin.certificate.clone()),
        ("admin.key", admin.key.clone()),
        ("sa.pub", accounts.public_key_pem()),
        ("sa.key", accounts.serialize_pem()),
        ("admin.kubeconfig", kubeconfig(port, &authority.pem(), admin)),
    ] {
        fs::write(dir.join(name), text)?;
    }
    Ok(())
}

fn kubeconfig(port: u16, ca: &str, identity: &Identity) -> String {
    use base64::Engine as _;
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: testplane\n\
         clusters: [{{name: testplane, cluster: {{server: 'https://127.0.0.1:{port}', certificate-authority-data: {}}}}}]\n\
         users: [{{name: user, user: {{client-certificate-data: {}, client-key-data: {}}}}}]\n\
         contexts: [{{name: testplane, context: {{cluster: testplane, user: user}}}}]\n",
        base64(ca),
        base64(&identity.certificate),
        base64(&identity.key)
    )
}

fn in_dir(text: &str, dir: &Path) -> String {
    text.replace("{dir}", &dir.display().to_string())
}
