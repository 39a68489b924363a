"""The command without the data that it measures: it says what is absent and ends well."""

from bench import claims, corpora, labelled


def test_absent_data_give_a_reason(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(labelled, "SHARED", tmp_path)
    monkeypatch.setattr(corpora, "documents", lambda folder: iter(()))
    monkeypatch.setattr(claims, "measure_speed", lambda relevant: None)
    out = tmp_path / "out.html"
    claims.main(["--confusions", str(out)])
    said = capsys.readouterr().out
    assert "no evaluation data" in said
    assert "accuracy is not measured" in said
    assert "make corpora" in said
    assert not out.exists()


def test_an_empty_folder_has_no_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "_installed", lambda package: None)
    assert list(corpora.documents(tmp_path)) == []
